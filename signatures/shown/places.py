"""Where signers live, by what they say: three totals and the countries, once an hour.

Nobody is to be found by subtraction, neither in one hour nor between two: see
docs/decisions/where-signers-live.md.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.utils import timezone

from campaigns.models import Petition
from signatures import tallies
from signatures.models import HourlyPlaces
from signatures.tallies import Place

HOUR = timedelta(hours=1)
SMALLEST = 10
OTHER = "other"


# Of what is counted.
Key = TypeVar("Key", bound=Hashable)


class Residence(NamedTuple):
    """None is too small to be told, or would tell what is."""

    # Who say that they live in the city, or in one of a campaign's, and give its country.
    residents: int | None = None
    # Who give the same country and do not say so.
    elsewhere: int | None = None
    abroad: int | None = None


# Of how many signatures, and who of them lives where.
TOLD = ("signatures", *Residence._fields)


def fold(counts: Mapping[str, int]) -> dict[str, int]:
    """Puts what is under ten into "other", and never a single one alone."""
    by_size = sorted(counts.items(), key=lambda item: (item[1], item[0]))
    small = [item for item in by_size if item[1] < SMALLEST]
    if len(small) == 1 and counts.get(OTHER, 0) < SMALLEST:
        small = by_size[:2]
    folded = dict(item for item in reversed(by_size) if item not in small)
    if small:
        folded[OTHER] = folded.get(OTHER, 0) + sum(number for _, number in small)
    return folded


def by_country(found: tallies.Places) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for place, number in found.items():
        counts[place.country] += number
    return {country: number for country, number in counts.items() if number > 0}


def residence(found: tallies.Places, home: Collection[str]) -> Residence:
    """Three totals of a petition whose cities lie in these countries."""
    counted = [0, 0, 0]
    for (country, is_resident), number in found.items():
        counted[2 if country not in home else 0 if is_resident else 1] += number
    hidden = _hidden(counted, set(fold(by_country(found))), set(home))
    return Residence(*(None if place in hidden else each for place, each in enumerate(counted)))


def _hidden(counted: list[int], countries: set[str], home: set[str]) -> set[int]:
    """Those under ten and the next smallest; all three, where what is left would tell them."""
    smallest = sorted(range(3), key=lambda place: counted[place])
    small = [place for place in smallest if counted[place] < SMALLEST]
    hidden = set(smallest[:2] if len(small) == 1 else small)
    if OTHER not in countries or home <= countries:
        # Countries tell who is at home in all, and so who is abroad.
        is_safe = hidden in (set(), {0, 1})
    else:
        # Nothing may tell who is at home in all: some of it is folded with others.
        is_safe = countries == {OTHER} and 2 in small and _is_open(counted, hidden)
    return hidden if is_safe else {0, 1, 2}


def _is_open(counted: list[int], hidden: set[int]) -> bool:
    """Whether the hidden ones, whose sum is known, could be others that would be hidden alike."""
    total = sum(counted[place] for place in hidden)
    told = sum(counted) - total
    return sum(0 <= total - abroad < told for abroad in range(1, SMALLEST)) > 1


def stepped(told: Mapping[Key, int], now: Mapping[Key, int]) -> dict[Key, int]:
    """What is told next: who came is in it once ten have come, who left is until ten have left."""
    before, after = Counter(told), Counter(now)
    came, left = after - before, before - after
    if came.total() >= SMALLEST:
        before += came
    if left.total() >= SMALLEST:
        before -= left
    return dict(before)


def home_countries() -> dict[UUID, set[str]]:
    """By petition: that of its city, or those of a campaign's cities."""
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = Petition.objects.exclude(tie=None).order_by()
    for key, parent, country in rows.values_list("pk", "parent", "tie__city__country"):
        found[key].add(country)
        found[parent].add(country)
    return found


def refresh(now: datetime | None = None) -> int:
    """Counts those anew that were counted an hour ago or never, and returns how many.

    Never sooner, and in steps of ten, so that no two of what is told enclose less than an hour or
    fewer than ten who came or left. Of two workers who are at it, one changes each.
    """
    now = now or timezone.now()
    known = HourlyPlaces.objects.in_bulk()
    keys = Petition.objects.order_by("pk").values_list("pk", flat=True)
    due = [key for key in keys if key not in known or known[key].at <= now - HOUR]
    if due:
        found, home = tallies.places(), home_countries()
        for key in due:
            _keep(key, known.get(key), now, found.get(key, {}), home.get(key, set()))
    return len(due)


def _keep(
    key: UUID,
    before: HourlyPlaces | None,
    now: datetime,
    found: tallies.Places,
    home: Collection[str],
) -> None:
    last = {Place(*place): number for *place, number in before.counted} if before else {}
    told = stepped(last, found)
    # Of fewer than ten, only how many they are, which everybody may know.
    shown = told or found
    numbers: dict[str, Any] = {
        "at": now,
        "signatures": sum(by_country(shown).values()),
        "by_country": fold(by_country(shown)),
        "counted": [[*place, number] for place, number in told.items()],
        **residence(shown, home)._asdict(),
    }
    if before is None:
        HourlyPlaces.objects.bulk_create(
            [HourlyPlaces(petition_id=key, **numbers)], ignore_conflicts=True
        )
    else:
        HourlyPlaces.objects.filter(pk=key, at=before.at).update(**numbers)


def hourly(petitions: Iterable[Any]) -> dict[UUID, HourlyPlaces]:
    return HourlyPlaces.objects.in_bulk(list(petitions))


def hourly_numbers(petitions: Iterable[Any] | None = None) -> dict[str, int]:
    """What is told of petitions by their keys, or of all, for whoever keeps pages."""
    rows = HourlyPlaces.objects.order_by()
    if petitions is not None:
        rows = rows.filter(pk__in=list(petitions))
    return {
        name: number
        for key, *numbers in rows.values_list("pk", *TOLD)
        for name, number in told_by_name(key, numbers).items()
    }


def told_by_name(key: UUID, numbers: Iterable[int | None]) -> dict[str, int]:
    return {
        f"{key}:hourly_{name}": number
        for name, number in zip(TOLD, numbers, strict=True)
        if number is not None
    }


def residence_told(numbers: Mapping[str, int], petition_id: str) -> tuple[int, Residence]:
    """Of how many signatures, and who of them lives where."""
    residence = (numbers.get(f"{petition_id}:hourly_{name}") for name in Residence._fields)
    return numbers.get(f"{petition_id}:hourly_signatures", 0), Residence(*residence)
