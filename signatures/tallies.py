"""Totals that are exact at every moment, and cost the same however many have signed.

The rows decide. In the transaction in which a row begins to count or ceases to, the database itself
writes down a change (`migrations/0002_counting.py`), and the worker folds the changes into tallies.
A total is the tally and the changes that are not in it yet, asked in one statement: whatever happens
at the same time is in both or in neither.

A campaign counts people, and somebody may have signed for several of its cities. Whether the tally
has counted somebody whom changes name follows from the rows: it has where they would have one
without these changes. So nobody needs a list of those who are counted, and no two who sign at once
have to agree who was first.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from campaigns.models import Petition
from signatures.models import Tally, TallyChange

# What changes make of each petition's signatures and, of a campaign, of its people.
MOVED = """
    named AS (
        SELECT one.*, COALESCE(petition.parent_id, petition.id) AS campaign_id
        FROM {changes} one JOIN campaigns_petition petition ON petition.id = one.petition_id
    ),
    persons AS (
        SELECT campaign_id, SUM(step) AS moved, (
            SELECT COUNT(*) FROM signatures_signature signed
            JOIN campaigns_petition petition ON petition.id = signed.petition_id
            WHERE signed.mailbox_key = named.mailbox_key AND signed.seat = named.seat
                AND signed.status = 'confirmed'
                AND COALESCE(petition.parent_id, petition.id) = named.campaign_id
        ) AS signed
        FROM named GROUP BY campaign_id, mailbox_key, seat
    ),
    moved AS (
        SELECT petition_id, SUM(signatures) AS signatures, SUM(people) AS people FROM (
            SELECT petition_id, step AS signatures, 0 AS people FROM named
            UNION ALL
            SELECT campaign_id, 0,
                CASE WHEN signed > 0 THEN 1 ELSE 0 END
                    - CASE WHEN signed - moved > 0 THEN 1 ELSE 0 END
            FROM persons
        ) either GROUP BY petition_id
    )
"""
NOT_FOLDED = MOVED.format(changes="signatures_tallychange")
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
        WHERE signed.petition_id = petition.id AND signed.status = 'confirmed'),
    CASE WHEN petition.parent_id IS NULL THEN (
        SELECT COUNT(*) FROM (
            SELECT DISTINCT mailbox_key, seat FROM signatures_signature signed
            WHERE signed.status = 'confirmed' AND signed.petition_id IN (
                SELECT theirs.id FROM campaigns_petition theirs
                WHERE theirs.id = petition.id OR theirs.parent_id = petition.id
            )
        ) persons
    ) END
"""
FOLD = """
    WITH {taken} {moved}
    INSERT INTO signatures_tally (petition_id, signatures, people)
    SELECT petition_id, signatures, people FROM moved WHERE true
    ON CONFLICT (petition_id) DO UPDATE SET
        signatures = signatures_tally.signatures + excluded.signatures,
        people = signatures_tally.people + excluded.people
"""
TAKEN = "taken AS (DELETE FROM signatures_tallychange RETURNING *),"
# Any number that nothing else locks by.
FOLDING = 7_263_041


class Total(NamedTuple):
    signatures: int
    # Who signed for a campaign or for any of its cities; of a city nobody asks.
    people: int | None

    @property
    def shown(self) -> int:
        """What a petition's own page counts: people for a campaign, signatures for a city."""
        return self.signatures if self.people is None else self.people


@dataclass(frozen=True)
class Drift:
    """A petition whose total is not what its rows say."""

    petition_id: uuid.UUID
    told: Total
    counted: Total
    # When it was last mended before, by which two who mend at once know of each other.
    mended_at: datetime | None

    def __str__(self) -> str:
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


def _asked(petitions: Iterable[uuid.UUID] | None, beside: str = "") -> list[tuple[Any, ...]]:
    keys = None if petitions is None else [_stored(each) for each in petitions]
    if keys == []:
        return []
    among = f"WHERE petition.id IN ({', '.join(['%s'] * len(keys))})" if keys else ""
    statement = f"WITH {NOT_FOLDED} {TOTALS.format(beside=beside, among=among)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, keys)
        return [(_key(key), *others) for key, *others in cursor.fetchall()]


def _stored(key: uuid.UUID) -> object:
    return Petition._meta.pk.get_db_prep_value(key, connection)


def _key(stored: Any) -> uuid.UUID:
    # SQLite has no type for it.
    return stored if isinstance(stored, uuid.UUID) else uuid.UUID(stored)


def fold_changes() -> None:
    """Adds up what has changed, so that there is little to add to a tally, and nobody is named.

    Moves no total. Whoever folds takes turns; whoever signs never waits for them.
    """
    if not TallyChange.objects.exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLDING])
            # In one statement, which sees the changes that it takes and the rows as they then were.
            cursor.execute(FOLD.format(taken=TAKEN, moved=MOVED.format(changes="taken")))
        else:
            # SQLite lets nobody else write meanwhile.
            cursor.execute(FOLD.format(taken="", moved=NOT_FOLDED))
            cursor.execute("DELETE FROM signatures_tallychange")


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
    """By one statement: a signature of this moment is in its total and in its rows, or in neither."""
    tally = Tally.objects.filter(pk=petition_id).first()
    for _key, *numbers in _asked([petition_id], beside=ROWS):
        told, counted = Total(*numbers[:2]), Total(*numbers[2:])
        if told != counted:
            return Drift(petition_id, told, counted, tally and tally.mended_at)
    return None


def mend(drift: Drift) -> None:
    """Puts the tally right by the difference, which stays the same whoever signs or folds meanwhile.

    Unless somebody else has done so since.
    """
    Tally.objects.bulk_create([Tally(petition_id=drift.petition_id)], ignore_conflicts=True)
    Tally.objects.filter(pk=drift.petition_id, mended_at=drift.mended_at).update(
        signatures=F("signatures") + drift.counted.signatures - drift.told.signatures,
        people=F("people") + (drift.counted.people or 0) - (drift.told.people or 0),
        mended_at=timezone.now(),
    )
