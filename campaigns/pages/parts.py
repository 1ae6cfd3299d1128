"""Long lists of cities in parts, each at an address of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Paginator

from campaigns.pages.city_rows import CityRow, ShownName

# So many are some screens of a phone, and in the longest letters far below 100 kB.
CITIES_IN_A_PART = 50


@dataclass(frozen=True)
class PartLink:
    """What leads to a part: its address, and what it begins and ends with.

    `names` are those of its first and last city, like the guide words of a dictionary, empty where
    the list is not in the order of names.
    """

    number: int
    address: str
    first: int
    last: int
    names: tuple[ShownName, ...]


@dataclass(frozen=True)
class Part:
    """The part that is shown. `links` lead to all of them, itself included."""

    number: int
    total: int
    rows: list[CityRow]
    links: list[PartLink]

    @property
    def here(self) -> PartLink:
        return self.links[self.number - 1]

    @property
    def previous(self) -> PartLink | None:
        return self.links[self.number - 2] if self.number > 1 else None

    @property
    def next(self) -> PartLink | None:
        return self.links[self.number] if self.number < len(self.links) else None


def numbers(total: int) -> range:
    """Of the parts that a list of so many cities has."""
    return Paginator(range(total), CITIES_IN_A_PART).page_range


def number_of(asked: str, total: int) -> int:
    """The number of the part that is asked for; of the first or last, where there is none such."""
    return Paginator(range(total), CITIES_IN_A_PART).get_page(asked).number


def part_of(
    rows: list[CityRow],
    asked: str,
    address: Callable[[str], str],
    name: Callable[[CityRow], ShownName] | None,
) -> Part:
    """The part that is asked for of rows that are sorted, by the names that `name` gives if any.

    The first part needs no number in its address.
    """
    pages = Paginator(rows, CITIES_IN_A_PART)
    number = number_of(asked, len(rows))
    links = []
    for each in map(pages.page, pages.page_range):
        ends = [each.object_list[0], each.object_list[-1]] if rows and name else []
        where = address(str(each.number) if each.number > 1 else "")
        names = tuple(name(row) for row in ends) if name else ()
        links.append(PartLink(each.number, where, each.start_index(), each.end_index(), names))
    return Part(number, len(rows), list(pages.page(number).object_list), links)
