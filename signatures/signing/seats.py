"""The places of a mailbox in a petition: two people may share one."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, models

from pagecache.changes import adding
from signatures.models import Signature
from signatures.signing.upsert import keep

SEATS = (0, 1)
# Nothing that takes longer where somebody has signed, and as it stands, since it is asked of
# everybody: to put such a question together takes Django longer than to have it answered.
SEATED = """
    SELECT seat, status, name_key FROM signatures_signature
    WHERE petition_id = %s AND mailbox_key = %s AND round_id IS NULL ORDER BY seat
"""


class Seated(NamedTuple):
    """All that is asked of who sits there."""

    seat: int
    status: str
    name_key: str


def seated(petition_id: uuid.UUID, mailbox_key: str) -> list[Seated]:
    key = models.UUIDField().get_db_prep_value(petition_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(SEATED, [key, mailbox_key])
        return [Seated(*row) for row in cursor.fetchall()]


def stored(signature: Signature) -> Signature:
    """The signature in that seat: the one given, unless there is one already."""
    return Signature.objects.get(pk=kept(signature))


def kept(signature: Signature) -> uuid.UUID:
    """The key of the signature in that seat. It is held until the transaction ends."""
    with adding():
        unique = ("petition_id", "mailbox_key", "seat")
        return keep(signature, unique=unique, where="round_id IS NULL")


def seat_for(taken: Sequence[Seated | Signature], name_key: str) -> int:
    """The person's own seat or one left by somebody, else a free one, else one nobody confirmed.

    Two people may share a mailbox. What strangers write in keeps neither out: a submission
    carries all of its own content, whatever its seat was made with.
    """
    known = known_seat(taken, name_key)
    unconfirmed = [each.seat for each in taken if each.status == Signature.Status.PENDING]
    free = [seat for seat in SEATS if seat not in {each.seat for each in taken}]
    return next(iter([*known, *free, *unconfirmed]), SEATS[-1])


def known_seat(taken: Sequence[Seated | Signature], name_key: str) -> list[int]:
    """The person's own seat, else those whose signers are known no more, most of all counted ones.

    Whoever signs may be the one who was made unknown, and is not to be counted twice.
    """
    own = [each.seat for each in taken if each.name_key == name_key]
    status = Signature.Status
    left = [
        each.seat
        for wanted in (status.CONFIRMED, status.WITHDRAWN)
        for each in taken
        if each.status == wanted and not each.name_key
    ]
    return own or left
