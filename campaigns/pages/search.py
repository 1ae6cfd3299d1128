"""Find your city: by city or state, in any language's alphabet, however it is spelled."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from http import HTTPStatus
from operator import itemgetter
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.pages.city_rows import CityRow
from campaigns.pages.states import SHORT_FORMS, state_of_zip
from campaigns.records.cities import CityName
from security.limits import RETRY_AFTER_SECONDS, Rate, network_limits, take
from translations.languages.folding import fold

MOST_LETTERS = 100
MOST_WORDS = 8
# A class looks its cities up at once, and a campus within the quarter of an hour.
RATES = (Rate(60, 2), Rate(600, 0.5))
INITIALS = re.compile(r"\b([^\W\d_]) (?=[^\W\d_]\b)")
ZIP_CODE = re.compile(r"\b(\d{5})-\d{4}\b")
CUT_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
WRITTEN_ELSE = {**CUT_SHORT, **{long: short for short, long in CUT_SHORT.items()}}
# How alike two spellings are that may mean one name, and how many are shown of such.
ALIKE, MOST_ALIKE = 0.75, 6
# Words like "san", "lake" and "city" do not tell one name from others.
SHORT = 4


def of_cities(text: str, tie: str = "") -> Q:
    """Each word of a text in either city's name or region, in any language and case.

    `tie` leads from a row to its tie, like `petition__tie__`; for a tie itself it is empty.
    """
    fits = Q()
    for word in fold(text).split():
        cities = CityName.objects.filter(folded__contains=word).values("city")
        sides: dict[str, Any] = {f"{tie}{side}__in": cities for side in ("city", "sister_city")}
        fits &= Q(**sides, _connector=Q.OR)
    return fits


def names_city(query: str) -> Q:
    """The condition on city pages that each word of a query is found in either city's names.

    Each may be in the name or the region, in whatever language it was typed. A query without a
    word makes a condition that is false as a truth value and that everything fulfils.
    """
    return of_cities(query, "petition__tie__")


def asked_too_often(request: HttpRequest) -> bool:
    """Counts a search. Each is made anew, since no cache keeps what somebody typed."""
    limits = network_limits(request, "search", RATES)
    return bool(limits and take(limits))


def refused(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    response["Cache-Control"] = "no-store"
    return response


def typed(text: str) -> str:
    """What was typed into a search, as it is shown again."""
    return text.replace("\0", "").strip()[:MOST_LETTERS]


def words(query: str) -> list[str]:
    """The words of a query in one spelling; initials like N.Y. are one word."""
    text = INITIALS.sub(r"\1", fold(ZIP_CODE.sub(r"\1", query)))
    return re.sub(r"\bw va\b", "wva", text).split()[:MOST_WORDS]


@dataclass(frozen=True)
class Found:
    """Cities that fit a query, the best first; where none does, those that are spelled alike."""

    rows: list[CityRow]
    are_alike: bool = False


def find(query: str, rows: Iterable[CityRow]) -> Found:
    """Among rows that are sorted by name."""
    asked = words(query)
    if not asked:
        return Found([])
    places = [Place(row) for row in rows]
    ranked = [(rank, place.row) for place in places if (rank := place.rank(asked))]
    if ranked:
        return Found([row for _rank, row in sorted(ranked, key=itemgetter(0))])
    near = alike(asked, places) or alike(telling(asked, places), places)
    return Found(near[:MOST_ALIKE], are_alike=True)


class Place:
    """A city with the words of its names and of its sister city's."""

    def __init__(self, row: CityRow) -> None:
        self.row = row
        self.own = " ".join(row.folded).split()
        names = [name.partition("\n")[0] for name in (*row.folded, *row.folded_sister)]
        self.named = " ".join(names).split()
        self.every = [*self.own, *" ".join(row.folded_sister).split()]
        self.run_together = "".join(self.every)

    def rank(self, asked: Sequence[str]) -> int:
        """How well it fits, 1 best; 0 where it does not."""
        if all(self.has(word, self.own) for word in asked):
            return 1 if any(name.startswith(asked[0]) for name in self.row.folded) else 2
        if all(self.has(word, self.every) for word in asked):
            return 3
        if all(self.holds(word) for word in asked) or self.holds("".join(asked)):
            return 4
        return 0

    def holds(self, text: str) -> bool:
        """Whether a text that is long enough to mean something stands anywhere in the names."""
        return len(text) > 2 and text in self.run_together

    def has(self, word: str, own: Sequence[str]) -> bool:
        """Whether one of some words begins so, or the city's state is written so."""
        return (
            any(each.startswith(word) for each in own)
            or WRITTEN_ELSE.get(word) in own
            or state(word) == self.row.region
        )


def state(word: str) -> str:
    """Which one a short form or a ZIP code names; empty for other words."""
    if word.isascii() and word.isdigit() and len(word) in (3, 5):
        return state_of_zip(word)
    return SHORT_FORMS.get(word, "")


def telling(asked: Sequence[str], places: Sequence[Place]) -> list[str]:
    """The words that are like a name's, as in "portlnd petition"; none if all are short ones."""
    named = {word for place in places for word in place.named}
    found = [word for word in asked if get_close_matches(word, named, n=1, cutoff=ALIKE)]
    return found if any(len(word) > SHORT for word in found) else []


def alike(asked: Sequence[str], places: Sequence[Place]) -> list[CityRow]:
    """Those in whose names each word is spelled much like one that was asked for, best first."""
    if not asked:
        return []
    known = {word for place in places for word in place.every}
    near = {
        word: [word] if word in known else get_close_matches(word, known, n=9, cutoff=ALIKE)
        for word in asked
    }

    def distance(place: Place) -> int | None:
        """None where a word has no like."""
        total = 0
        for word in asked:
            if place.has(word, place.every):
                continue
            found = [number for number, each in enumerate(near[word]) if each in place.every]
            if not found:
                return None
            total += found[0]
        return total

    found = [(far, place.row) for place in places if (far := distance(place)) is not None]
    return [row for _far, row in sorted(found, key=itemgetter(0))]
