"""What moves on a petition's page while people sign: its count, and the newest names."""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django_countries import countries

from campaigns.models import Petition
from campaigns.records.goals import next_goal
from pagecache.holes import Live, Moving, are_marked, kind
from signatures import counts, tallies
from signatures.models import Signature, SignatureQuerySet
from signatures.release import Release
from signatures.shown import places

NEWEST_NAMES = 10
NEWEST_COMMENTS = 5
# In place of a petition's id.
NOBODYS = UUID(int=0)
# Where a petition that is shown keeps its numbers.
NUMBERS = "_shown_numbers"
# What is shown of a signer. Nothing else is fetched, and decrypted.
SHOWN_FIELDS = (
    "petition",
    "name",
    "comment",
    "comment_state",
    "comment_checksum",
    "name_checksum",
    "country",
    "language",
    "confirmed_at",
    "asked_at",
)


@dataclass(frozen=True)
class Progress:
    """Of a campaign in people, each of whom counts once; of a city in signatures."""

    count: int
    goal: int
    of_people: bool
    # Whether there is still a goal to get to.
    is_going_on: bool = True

    @property
    def percent(self) -> int:
        return min(100, self.count * 100 // self.goal)

    @property
    def is_reached(self) -> bool:
        return self.count >= self.goal


@dataclass(frozen=True)
class Shown:
    """What a signer let be shown, and a moderator released."""

    name: str
    country: str
    # By the calendar of the petition's own time zone.
    day: date
    # In which they signed, and wrote.
    language: str
    text: str = ""
    # Where it is reported.
    report: str = ""


def all_numbers() -> dict[str, int]:
    """Of all petitions, for whoever keeps pages."""
    return counts.shown_numbers() | places.hourly_numbers()


def numbers_of(petition: Petition) -> dict[str, int]:
    """What pages tell of a petition, and of no other; of a city's in one query."""
    key = petition.pk
    if not petition.tie_id:
        return {str(key): 0} | counts.told(tallies.totals([key])) | places.hourly_numbers([key])
    hourly = (f"hourly__{name}" for name in places.TOLD)
    rows = (
        Petition.objects.filter(pk=key).order_by().values_list(counts.signatures_total(), *hourly)
    )
    # A preview's petition may not be stored.
    signatures, *hours = rows.first() or (0, *(None for _name in places.TOLD))
    return {str(key): signatures} | places.told_by_name(key, hours)


def number(moving: Moving, petition_id: str, *_others: object) -> int:
    """Of signatures."""
    return moving.numbers.get(petition_id, 0)


def both(moving: Moving, petition_id: str, *_others: object) -> tuple[int, int | None]:
    """Of signatures and, for a campaign, of people."""
    return number(moving, petition_id), moving.numbers.get(counts.people_key(petition_id))


def newest(moving: Moving, *_others: object) -> Hashable:
    return moving.people


def known(petition: Petition) -> Mapping[str, int] | None:
    """The petition's numbers now, where they are not to be filled in later.

    Each rendering fetches its petition anew, and asks once for its numbers.
    """
    if are_marked():
        return None
    asked = petition.__dict__
    if NUMBERS not in asked:
        asked[NUMBERS] = numbers_of(petition)
    found: Mapping[str, int] = asked[NUMBERS]
    return found


def so_far(moving: Moving, petition_id: str, goal: int | None, is_going_on: bool) -> Progress:
    signatures, people = both(moving, petition_id)
    count = signatures if people is None else people
    return Progress(count, goal or next_goal(count), people is not None, is_going_on)


def of(petition: Petition) -> tuple[str, int | None, bool]:
    """What of a petition its progress depends on, beside its numbers."""
    return str(petition.pk), petition.goal, petition.is_signable


def progress_of(petition: Petition) -> Progress:
    """As it is now."""
    return so_far(Live(numbers_of(petition)), *of(petition))


@kind(stamp=both)
def progress_html(moving: Moving, petition_id: str, goal: int | None, is_going_on: bool) -> str:
    now = so_far(moving, petition_id, goal, is_going_on)
    live = f"/api/petitions/{petition_id}/count/?language={get_language()}"
    return render_to_string("components/progress.html", {"now": now, "live": live})


def as_of_today(moving: Moving, petition_id: str, time_zone: str) -> Hashable:
    return (*both(moving, petition_id), today_in(time_zone))


def today_in(time_zone: str) -> date:
    return timezone.now().astimezone(ZoneInfo(time_zone)).date()


@kind(stamp=as_of_today)
def counted_html(moving: Moving, petition_id: str, time_zone: str) -> str:
    """For paper, which outlives the number: as of when, and how it is counted."""
    signatures, people = both(moving, petition_id)
    context = {
        "count": signatures if people is None else people,
        "of_people": people is not None,
        "day": today_in(time_zone),
    }
    return render_to_string("signatures/_counted.html", context).strip()


@kind(stamp=both)
def progress_json(moving: Moving, petition_id: str, goal: int | None, is_going_on: bool) -> str:
    """The same for a script that keeps a page's progress as it is."""
    now = so_far(moving, petition_id, goal, is_going_on)
    words = render_to_string("components/_progress_count.html", {"now": now}).strip()
    signatures, people = both(moving, petition_id)
    found = {
        "signatures": signatures,
        **({} if people is None else {"people": people}),
        "goal": now.goal,
        "percent": now.percent,
        "words": words,
    }
    return json.dumps(found, ensure_ascii=False)


@kind(stamp=both)
def thanks_html(moving: Moving, petition_id: str) -> str:
    signatures, people = both(moving, petition_id)
    if not signatures and not people:
        return ""
    if people is None:
        told = ngettext(
            "Thank you for %(number)s signature.",
            "Thank you for %(number)s signatures.",
            signatures,
        )
        return format_html("{}", told % {"number": localize(signatures)})
    told = ngettext(
        "Thank you to the %(number)s person who signed.",
        "Thank you to all %(number)s people who signed.",
        people,
    )
    return format_html("{}", told % {"number": localize(people)})


@kind(stamp=number)
def number_in_words(moving: Moving, petition_id: str) -> str:
    found = number(moving, petition_id)
    told = ngettext("%(number)s signature", "%(number)s signatures", found)
    return format_html("{}", told % {"number": localize(found)})


@kind(stamp=number)
def number_html(moving: Moving, petition_id: str) -> str:
    return str(localize(number(moving, petition_id)))


def lived(moving: Moving, petition_id: str, *_others: object) -> tuple[int, places.Residence]:
    """Of how many signatures, as of this hour, and who of them lives where."""
    return places.residence_told(moving.numbers, petition_id)


@kind(stamp=lived)
def places_html(moving: Moving, petition_id: str, residents: str, is_campaign: bool) -> str:
    """Who lives where; `residents` are the words for those of the city, as HTML."""
    signatures, residence = lived(moving, petition_id)
    context = {
        "signatures": signatures,
        "residence": residence,
        "is_told": any(number is not None for number in residence),
        "residents": residents,
        "is_campaign": is_campaign,
    }
    return render_to_string("signatures/_places.html", context).strip()


@kind(stamp=lived)
def places_in_words(moving: Moving, petition_id: str) -> str:
    """The same for a row of a table."""
    _signatures, (residents, elsewhere, abroad) = lived(moving, petition_id)
    told = []
    if residents is not None:
        told.append(
            ngettext(
                "%(number)s says they live there",
                "%(number)s say they live there",
                residents,
            )
            % {"number": localize(residents)}
        )
    if elsewhere is not None:
        words = pgettext("signatures", "%(number)s more from the same country")
        told.append(words % {"number": localize(elsewhere)})
    if abroad is not None:
        words = pgettext("signatures", "%(number)s from other countries")
        told.append(words % {"number": localize(abroad)})
    if not told:
        return mark_safe('<span class="none">–</span>')
    return format_html("{}", " · ".join(told))


@kind(stamp=newest)
def signers_html(moving: Moving, petition_id: str, time_zone: str) -> str:
    """The newest names and comments, as they are now: whoever is hidden is not among them.

    Of these the ones in the reader's language come first.
    """
    zone = ZoneInfo(time_zone)
    rows = newest_rows(petition_id)
    commented = [row for row in rows if row.comment_state == Release.RELEASED]
    context = {
        "signers": [shown(row, zone, "name") for row in readers_first(rows[:NEWEST_NAMES])],
        "comments": [
            shown(row, zone, "comment") for row in readers_first(commented[:NEWEST_COMMENTS])
        ],
    }
    return render_to_string("signatures/_signers.html", context).strip()


def readers_first(rows: list[Signature]) -> list[Signature]:
    return sorted(rows, key=lambda row: row.language != get_language())


def newest_rows(petition_id: str) -> list[Signature]:
    """The newest with a public name, and the newest with a public comment too, in one query.

    The query is put together once: that took longer than to answer it.
    """
    sql, params = newest_sql(connection.vendor)
    before, after = as_stored(NOBODYS), as_stored(UUID(petition_id))
    asked = [after if each == before else each for each in params]
    return list(Signature.objects.raw(sql, asked))


@cache
def newest_sql(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Of no petition yet, as a database of one kind wants it."""
    return newest_of(NOBODYS).query.sql_with_params()


def as_stored(petition: UUID) -> object:
    return Petition._meta.pk.get_db_prep_value(petition, connection)


def newest_of(petition: UUID) -> SignatureQuerySet:
    """Each is found by an index of its own. Who shows a comment shows a name."""
    rows = Signature.objects.filter(petition=petition).order_by("-confirmed_at", "id")
    newest = (rows.with_public_name()[:NEWEST_NAMES], rows.with_public_comment()[:NEWEST_COMMENTS])
    # SQLite takes no limit in a part of a union.
    names, comments = (
        Signature.objects.filter(pk__in=each.values("pk")).values("pk") for each in newest
    )
    return (
        Signature.objects.filter(pk__in=names.union(comments))
        .only(*SHOWN_FIELDS)
        .order_by("-confirmed_at", "id")
    )


def shown(row: Signature, zone: ZoneInfo, part: str) -> Shown:
    # Nobody is shown who has not confirmed.
    day = (row.confirmed_at or row.asked_at).astimezone(zone).date()
    checksum = getattr(row, f"{part}_checksum")
    report = checksum and reverse("signatures:report", args=[row.petition_id, part, checksum])
    return Shown(row.name, countries.name(row.country), day, row.language, row.comment, report)
