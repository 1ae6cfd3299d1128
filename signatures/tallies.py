"""Totals that are exact at every moment, and cost the same however many have signed.

A total is the tally and the changes that are not in it yet (`models/tallies.py`), asked in one
statement: whatever happens at the same time is in both or in neither.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from campaigns.models import Petition
from signatures.models import PlaceTally, Tally, fold_changes
from signatures.models.tallies import NOT_FOLDED

TOTALS = """
    SELECT petition.id,
        COALESCE(tally.signatures, 0) + COALESCE(moved.signatures, 0) AS signatures,
        CASE WHEN petition.parent_id IS NULL
            THEN COALESCE(tally.people, 0) + COALESCE(moved.people, 0) END AS people {beside}
    FROM campaigns_petition petition
    LEFT JOIN signatures_tally tally ON tally.petition_id = petition.id
    LEFT JOIN moved ON moved.petition_id = petition.id
    {among}
"""
# What the rows say, which takes the longer the more there are.
ROWS = """,
    (SELECT COUNT(*) FROM signatures_signature signed
        WHERE signed.petition_id = petition.id AND signed.status = 'confirmed'
            AND signed.held_at IS NULL AND signed.round_id IS NULL),
    CASE WHEN petition.parent_id IS NULL THEN (
        SELECT COUNT(*) FROM (
            SELECT DISTINCT mailbox_key, seat FROM signatures_signature signed
            WHERE signed.status = 'confirmed' AND signed.held_at IS NULL
                AND signed.round_id IS NULL AND signed.petition_id IN (
                SELECT theirs.id FROM campaigns_petition theirs
                WHERE theirs.id = petition.id OR theirs.parent_id = petition.id
            )
        ) persons
    ) END
"""


# Where signers live, added up.
PLACES = """
    SELECT petition_id, country, is_resident, SUM(signatures) FROM (
        SELECT petition_id, country, is_resident, signatures FROM signatures_placetally
        UNION ALL
        SELECT petition_id, country, is_resident, step FROM signatures_tallychange {beside}
    ) placed {among} GROUP BY petition_id, country, is_resident HAVING SUM(signatures) <> 0
"""
LESS_ROWS = """
        UNION ALL
        SELECT petition_id, country,
            COALESCE(lives_here, false) OR home_city_id IS NOT NULL, -COUNT(*)
        FROM signatures_signature
        WHERE status = 'confirmed' AND held_at IS NULL AND round_id IS NULL
            AND petition_id = %s
        GROUP BY 1, 2, 3
"""


class Total(NamedTuple):
    signatures: int
    # Who signed for a campaign or for any of its cities; of a city nobody asks.
    people: int | None

    @property
    def shown(self) -> int:
        """What a petition's own page counts: people for a campaign, signatures for a city."""
        return self.signatures if self.people is None else self.people


NOBODY = Total(0, 0)


class Place(NamedTuple):
    country: str
    # By what the signer says.
    is_resident: bool


Places = dict[Place, int]


@dataclass(frozen=True)
class Drift:
    """A petition whose total is not what its rows say."""

    petition_id: uuid.UUID
    told: Total
    counted: Total
    # By how much too many were told to live somewhere.
    astray: Places
    # When it was last mended before, by which two who mend at once know of each other.
    mended_at: datetime | None

    def __str__(self) -> str:
        if self.told == self.counted:
            return (
                f"Petition {self.petition_id} had {_words(self.told)}, as its rows say, but "
                f"{len(self.astray)} of its numbers by place differed from them."
            )
        return (
            f"Petition {self.petition_id} was at {_words(self.told)}, and its rows say "
            f"{_words(self.counted)}."
        )


def _words(total: Total) -> str:
    people = "" if total.people is None else f" and {total.people} people"
    return f"{total.signatures} signatures{people}"


def totals(petitions: Iterable[uuid.UUID] | None = None) -> dict[uuid.UUID, Total]:
    """Of petitions by their keys, or of all, in one statement."""
    return {key: Total(*numbers) for key, *numbers in _asked(petitions)}


def places() -> dict[uuid.UUID, Places]:
    """Of all petitions that anybody has signed, in one statement."""
    found: dict[uuid.UUID, Places] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(PLACES.format(beside="", among=""))
        for key, country, is_resident, number in cursor.fetchall():
            found[_key(key)][Place(country, bool(is_resident))] = int(number)
    return found


def _astray(petition_id: uuid.UUID) -> Places:
    key = _stored(petition_id)
    with connection.cursor() as cursor:
        cursor.execute(PLACES.format(beside=LESS_ROWS, among="WHERE petition_id = %s"), [key, key])
        return {
            Place(country, bool(is_resident)): int(number)
            for _petition, country, is_resident, number in cursor.fetchall()
        }


def _asked(petitions: Iterable[uuid.UUID] | None, beside: str = "") -> list[tuple[Any, ...]]:
    keys = None if petitions is None else [_stored(each) for each in petitions]
    if keys == []:
        return []
    among = f"WHERE petition.id IN ({', '.join(['%s'] * len(keys))})" if keys else ""
    statement = f"WITH {NOT_FOLDED} {TOTALS.format(beside=beside, among=among)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, keys)
        return [(_key(key), *others) for key, *others in cursor.fetchall()]


def _stored(key: uuid.UUID) -> str | uuid.UUID:
    return Petition._meta.pk.get_db_prep_value(key, connection)


def _key(stored: object) -> uuid.UUID:
    # SQLite has no type for it.
    return stored if isinstance(stored, uuid.UUID) else uuid.UUID(str(stored))


def recount(mends: bool = True) -> Iterator[Drift | None]:
    """Proves each petition's total against its rows while people sign: what was wrong, or None."""
    if mends:
        fold_changes()
    for key in Petition.objects.order_by("pk").values_list("pk", flat=True):
        drift = drift_of(key)
        if drift and mends:
            mend(drift)
        yield drift


def drift_of(petition_id: uuid.UUID) -> Drift | None:
    """By one statement each: who signs at this moment is in what is told and in the rows, or in
    neither.
    """
    tally = Tally.objects.filter(pk=petition_id).first()
    for _key, *numbers in _asked([petition_id], beside=ROWS):
        told, counted = Total(*numbers[:2]), Total(*numbers[2:])
        astray = _astray(petition_id)
        if told != counted or astray:
            return Drift(petition_id, told, counted, astray, tally.mended_at if tally else None)
    return None


def mend(drift: Drift) -> None:
    """Adds the difference, which stays the same whoever signs or folds meanwhile.

    Unless somebody else has put it right since.
    """
    key = drift.petition_id
    Tally.objects.bulk_create([Tally(petition_id=key)], ignore_conflicts=True)
    with transaction.atomic():
        is_ours = Tally.objects.filter(pk=key, mended_at=drift.mended_at).update(
            signatures=F("signatures") + drift.counted.signatures - drift.told.signatures,
            people=F("people") + (drift.counted.people or 0) - (drift.told.people or 0),
            mended_at=timezone.now(),
        )
        for place, number in drift.astray.items() if is_ours else ():
            found, _is_new = PlaceTally.objects.get_or_create(petition_id=key, **place._asdict())
            PlaceTally.objects.filter(pk=found.pk).update(signatures=F("signatures") - number)
