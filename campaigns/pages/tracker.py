"""The outcome tracker: every city's tie on a map of states and in a table, filtered and sorted."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeVar
from urllib.parse import urlencode

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaigns.pages.city_rows import CityRow, ShownName
from campaigns.pages.parts import Part, numbers, part_of
from campaigns.pages.search import typed
from campaigns.pages.states import US_STATES
from campaigns.records.standings import Step
from campaigns.records.ties import Tie
from translations.languages.collation import sort_key

SIDE = 40
# Of the part of a square that is filled: where it begins, how wide it is, and its least share.
FILL_X, FILL_WIDTH, LEAST_SHARE = 3, 34, 4
# Asked for and shown like a status: since its petition began, a city did what it demands.
WON = "won"
# In this order a state's square shows what its cities' ties are: first the work still to be done.
PRECEDENCE = ("active", "unknown", "suspended", "ended", WON)
LABELS = {**dict(Tie.Status.choices), WON: _("demand met")}
# What the map shows instead, when asked to.
STEPS = "steps"
SORTS = {
    "city": _("City"),
    "sister_city": _("Sister city"),
    "status": _("The tie"),
    "step": _("The petition"),
    "date": _("As reported on"),
    "signatures": _("Signatures"),
}


@dataclass(frozen=True)
class SortColumn:
    """A column's heading. `order` is what `aria-sort` says, empty for the other columns."""

    name: str
    label: Any
    address: str
    order: str


@dataclass(frozen=True)
class TrackerQuestion:
    """What a visitor asks of the table; values that mean nothing are left out."""

    q: str = ""
    status: str = ""
    state: str = ""
    step: str = ""
    sort: str = "city"
    map: str = ""
    # Of the part of the list that is shown.
    p: str = ""

    @classmethod
    def asked(cls, data: Mapping[str, str], states: Iterable[str]) -> "TrackerQuestion":
        names = ("status", "state", "step", "sort")
        status, state, step, sort = (data.get(name, "") for name in names)
        return cls(
            q=typed(data.get("q", "")),
            status=status if status in (*Tie.Status.values, WON) else "",
            state=state if state in states else "",
            step=step if step in Step.values else "",
            sort=sort if sort.removeprefix("-") in SORTS else "city",
            map=STEPS if data.get("map") == STEPS else "",
            p=data.get("p", ""),
        )

    @property
    def is_filtering(self) -> bool:
        return bool(self.q or self.status or self.state or self.step)

    @property
    def fill(self) -> "Fill":
        """Of the map: a step that is asked for is shown there too."""
        return BY_STEP if self.map == STEPS or self.step else BY_TIE

    @property
    def is_by_number(self) -> bool:
        """Whether cities change places while people sign."""
        return self.sort.removeprefix("-") == "signatures"

    def address(self, **changes: str) -> str:
        """Of the same question with changes; of the first part, unless they name another."""
        names = ("q", "status", "state", "step", "sort", "map")
        values = {name: getattr(self, name) for name in names}
        kept = {name: value for name, value in {**values, **changes}.items() if value}
        return "?" + urlencode(kept)

    @property
    def other_map(self) -> str:
        """The address of the same cities on the map that is not shown."""
        return self.address(map="", step="") if self.fill is BY_STEP else self.address(map=STEPS)

    def columns(self) -> list["SortColumn"]:
        """The table's columns, each with the address that sorts by it, or turns its order round."""
        return [
            SortColumn(
                name,
                label,
                self.address(sort=f"-{name}" if self.sort == name else name),
                {name: "ascending", f"-{name}": "descending"}.get(self.sort, ""),
            )
            for name, label in SORTS.items()
        ]

    def fits(self, city: CityRow) -> bool:
        """By its tie, its petition and its state. What was typed is for `search`."""
        fits_step = self.step in {"", city.step}
        return fits_step and self.fits_status(city) and self.state in ("", city.state)

    def fits_status(self, city: CityRow) -> bool:
        return city.is_won if self.status == WON else self.status in ("", city.status)


def choices(states: Iterable[str], total: int) -> dict[str, list[str]]:
    """All that can be chosen of a table of so many cities, beside the words of a search."""
    return {
        "p": [str(number) for number in numbers(total)],
        "status": [*Tie.Status.values, WON],
        "state": list(states),
        "step": Step.values,
        "map": [STEPS],
        "sort": [*SORTS, *(f"-{name}" for name in SORTS)],
    }


@dataclass(frozen=True)
class Fill:
    """What the map's squares are filled by."""

    # Of the question that a fill's meaning leads to.
    name: str
    labels: Mapping[str, Any]
    # In this order a square shows what it has.
    order: Sequence[str]
    of: Callable[[CityRow], str]

    def count(self, cities: Iterable[CityRow]) -> dict[str, int]:
        """How many cities have each, of those that some have, in the order of the map."""
        found = Counter(map(self.of, cities))
        return {status: found[status] for status in self.order if status in found}

    def legend(self, cities: Iterable[CityRow]) -> list[tuple[str, Any, int]]:
        """Each with its label and how many cities have it."""
        counts = self.count(cities)
        return [(status, label, counts.get(status, 0)) for status, label in self.labels.items()]


BY_TIE = Fill("status", LABELS, PRECEDENCE, lambda city: WON if city.is_won else str(city.status))
BY_STEP = Fill("step", dict(Step.choices), Step.values, lambda city: str(city.step))


@dataclass(frozen=True)
class Share:
    """The part of a square that shows one status."""

    status: str
    count: int
    x: int
    width: int


@dataclass(frozen=True)
class Tile:
    """A state's square on the map. Without shares where the campaign has no city."""

    abbreviation: str
    x: int
    y: int
    name: str = ""
    slug: str = ""
    shares: tuple[Share, ...] = ()
    labels: Mapping[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(share.count for share in self.shares)

    @property
    def told(self) -> str:
        """What its cities' ties are, or how far their petitions have come, in words."""
        labels = [(str(self.labels[share.status]), share.count) for share in self.shares]
        if len(labels) == 1:
            return labels[0][0]
        return ", ".join(f"{label}: {count}" for label, count in labels)


def tiles(cities: Iterable[CityRow], fill: Fill = BY_TIE) -> list[Tile]:
    by_state = defaultdict(list)
    for city in cities:
        by_state[city.region].append(city)
    drawn = []
    for state, (abbreviation, column, row) in US_STATES.items():
        here = by_state.get(state, [])
        drawn.append(
            Tile(
                abbreviation,
                column * SIDE,
                row * SIDE,
                name=here[0].city_name.region if here else state,
                slug=slugify(state) if here else "",
                shares=tuple(shares(fill.count(here))),
                labels=fill.labels,
            )
        )
    return drawn


def shares(counts: Mapping[str, int]) -> Iterator[Share]:
    """A square's width by status, of which each can be seen."""
    rest, total = FILL_WIDTH - LEAST_SHARE * len(counts), sum(counts.values())
    x, before = FILL_X, 0
    for number, (status, count) in enumerate(counts.items(), start=1):
        before += count
        end = FILL_X + number * LEAST_SHARE + round(rest * before / total)
        yield Share(status, count, x, end - x)
        x = end


class State(NamedTuple):
    slug: str
    name: str
    # Of its name.
    language: str


def states(cities: Iterable[CityRow], language: str) -> list[State]:
    """Those that have a city, by name."""
    named = {city.state: city.city_name for city in cities}
    found = [State(slug, name.region, name.language) for slug, name in named.items()]
    return sorted(found, key=lambda state: sort_key(state.name, language))


def sorted_rows(cities: Iterable[CityRow], sort: str, counts: Mapping[Any, int]) -> list[CityRow]:
    """By a column, `-` before its name for the other way round; equals by city."""
    keys: dict[str, Callable[[CityRow], Any]] = {
        "sister_city": lambda city: city.sister_city_name.order,
        "status": lambda city: list(Tie.Status).index(city.status),
        "step": lambda city: list(Step).index(city.step),
        "date": lambda city: str(city.known.reported_on or ""),
        "signatures": lambda city: counts.get(city.petition_id, 0),
    }
    by_city = sorted(cities, key=lambda city: city.city_name.order)
    name = sort.removeprefix("-")
    if name == "city":
        return by_city[::-1] if sort.startswith("-") else by_city
    return sorted(by_city, key=keys[name], reverse=sort.startswith("-"))


def shown_part(
    cities: Iterable[CityRow], question: TrackerQuestion, counts: Mapping[Any, int]
) -> Part:
    """The rows that are asked for, in the order that is asked for."""
    names: dict[str, Callable[[CityRow], ShownName]] = {
        "city": lambda city: city.city_name,
        "sister_city": lambda city: city.sister_city_name,
    }
    return part_of(
        sorted_rows(cities, question.sort, counts),
        question.p,
        lambda number: question.address(p=number),
        names.get(question.sort.removeprefix("-")),
    )


class Place(Protocol):
    """Where a city lies; its place may be unknown."""

    @property
    def key(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def latitude(self) -> Decimal | None: ...
    @property
    def longitude(self) -> Decimal | None: ...


P = TypeVar("P", bound=Place)


def nearest(here: Place, others: Iterable[P], limit: int = 3) -> list[P]:
    """The nearest of some cities; those of unknown place by state, and last."""

    def distance(there: Place) -> tuple[float, bool, str]:
        return (kilometres(here, there), there.region != here.region, there.key)

    return sorted(others, key=distance)[:limit]


def kilometres(one: Place, other: Place) -> float:
    """The great-circle distance; endless where a city's place is unknown."""
    places = (one.latitude, one.longitude, other.latitude, other.longitude)
    known = [math.radians(float(place)) for place in places if place is not None]
    if len(known) < len(places):
        return math.inf
    lat1, lon1, lat2, lon2 = known
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(
        lon1 - lon2
    )
    return 6371 * math.acos(max(-1.0, min(1.0, cosine)))
