"""Cities in lists: what is shown of them and no more, so that five hundred are there at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils.text import slugify
from wagtail.models import Page
from wagtail.query import PageQuerySet

from campaigns.pages.outcomes import COLUMNS, KNOWN, STEPS, knowledge, outcome, step, with_steps
from campaigns.records.cities import City, CityName, place
from campaigns.records.endings import Outcome
from campaigns.records.freshness import Knowledge
from campaigns.records.standings import Step
from campaigns.records.ties import Tie
from translations.languages.collation import digits


@dataclass(frozen=True)
class ShownName:
    """A city's name, in the language of a page or, where it has none in that, in another."""

    name: str
    region: str
    language: str
    # Sorts it as the page's language does.
    order: str

    def __str__(self) -> str:
        return place(self.name, self.region)


@dataclass(frozen=True)
class CityRow:
    """A city's page, as lists show it."""

    pk: int
    petition_id: UUID
    url: str
    city_name: ShownName
    sister_city_name: ShownName
    key: str
    region: str
    latitude: Decimal | None
    longitude: Decimal | None
    known: Knowledge
    outcome: Outcome | None
    # The city's name and region in each language, and its sister city's, to search in.
    folded: tuple[str, ...]
    folded_sister: tuple[str, ...]
    # The claims about the pair, where the list shows them.
    claims: tuple[Any, ...] = ()
    step: Step = Step.NOT_CONTACTED

    @property
    def state(self) -> str:
        return slugify(self.region)

    @property
    def status(self) -> Tie.Status:
        """As it is told."""
        return self.known.told_status

    @property
    def told(self) -> list[str]:
        """What there is to say beside its status."""
        found = (self.known.last_known, self.known.age_told, self.outcome and self.outcome.told)
        return [told for told in found if told]

    @property
    def is_won(self) -> bool:
        return self.outcome is not None and self.outcome.is_met


@dataclass(frozen=True)
class CityLink:
    """What leads to a city's page."""

    url: str
    city_name: ShownName


class HomeCity(NamedTuple):
    """A city of the campaign, for those to choose who live there."""

    pk: int
    key: str
    name: ShownName


NAME_COLUMNS = ("city", "locale__language_code", "name", "region", "collated", "folded")


class Names:
    """Of many cities, by their ids."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.folded: dict[int, list[str]] = defaultdict(list)
        self.found: dict[int, dict[str, ShownName]] = defaultdict(dict)

    @classmethod
    def of(cls, cities: set[int], language: str) -> "Names":
        rows = CityName.objects.filter(city__in=cities).order_by()
        return cls.of_rows(rows.values_list(*NAME_COLUMNS), language)

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[Any, ...]], language: str) -> "Names":
        """From `NAME_COLUMNS`; a city without a name has empty ones."""
        names = cls(language)
        for city, code, name, region, collated, folded in rows:
            if code is None:
                continue
            order = collated if code == language else digits(name, language)
            names.found[city][code] = ShownName(name, region, code, order)
            names.folded[city].append(folded)
        return names

    def shown(self, city: City) -> ShownName:
        """As `City.name_in` chooses it."""
        names, source = self.found[city.pk], settings.LANGUAGE_CODE
        name = city.name_in_key
        return (
            names.get(self.language)
            or names.get(source)
            or ShownName(name, city.region, source, digits(name, self.language))
        )


def city_links(
    pages: PageQuerySet, above: Page, chosen: Callable[[Iterable[Any]], list[Any]]
) -> list[CityLink]:
    """Links to those of the city pages below a page that are chosen by where they lie."""
    columns = {
        name: F(f"petition__tie__city__{name}")
        for name in ("key", "region", "latitude", "longitude")
    }
    found = pages.annotate(city_pk=F("petition__tie__city"), **columns).order_by()
    places = chosen(found.values_list("city_pk", "url_path", *columns, named=True))
    names = Names.of({place.city_pk for place in places}, above.locale.language_code)
    return [
        CityLink(
            address_below(above, place.url_path),
            names.shown(City(pk=place.city_pk, key=place.key, region=place.region)),
        )
        for place in places
    ]


def home_cities(pages: PageQuerySet, language: str) -> list[HomeCity]:
    """The cities of these pages by name, each once: it may have several ties."""
    of = pages.order_by().values("petition__tie__city")
    names = (f"names__{column}" for column in NAME_COLUMNS[1:])
    rows = list(
        City.objects.filter(pk__in=of).order_by().values_list("pk", *names, "key", "region")
    )
    named = Names.of_rows((row[:-2] for row in rows), language)
    cities = {pk: City(pk=pk, key=key, region=region) for pk, *_name, key, region in rows}
    found = [HomeCity(pk, city.key, named.shown(city)) for pk, city in cities.items()]
    return sorted(found, key=lambda home: home.name.order)


def address_below(above: Page, path: str) -> str:
    """Of a page below another, without asking for each."""
    return f"{above.url or ''}{path.removeprefix(above.url_path)}"


def city_rows(pages: PageQuerySet, above: Page) -> list[CityRow]:
    """City pages below a page of their language, by name; in a constant number of queries."""
    columns = {
        f"{side}_{column}": F(f"petition__tie__{side}__{column}")
        for side in ("city", "sister_city")
        for column in ("id", "key", "region", "latitude", "longitude")
    }
    found = list(
        with_steps(pages)
        .annotate(**columns)
        .order_by()
        .values("pk", "petition_id", "url_path", *{*COLUMNS, *KNOWN, *STEPS}, *columns)
    )
    cities = {row[f"{side}_id"] for row in found for side in ("city", "sister_city")}
    names = Names.of(cities, above.locale.language_code)
    base = (above.url_path, above.url or "")
    rows = [_row(row, names, *base) for row in found]
    return sorted(rows, key=lambda row: row.city_name.order)


def _row(row: dict[str, Any], names: Names, path: str, url: str) -> CityRow:
    city, sister_city = (
        City(pk=row[f"{side}_id"], key=row[f"{side}_key"], region=row[f"{side}_region"])
        for side in ("city", "sister_city")
    )
    return CityRow(
        pk=row["pk"],
        petition_id=row["petition_id"],
        url=url + row["url_path"].removeprefix(path),
        city_name=names.shown(city),
        sister_city_name=names.shown(sister_city),
        key=city.key,
        region=city.region,
        latitude=row["city_latitude"],
        longitude=row["city_longitude"],
        known=knowledge(row),
        outcome=outcome(row),
        step=step(row),
        folded=tuple(names.folded[city.pk]),
        folded_sister=tuple(names.folded[sister_city.pk]),
    )
