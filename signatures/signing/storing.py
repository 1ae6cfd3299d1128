"""Stores what somebody sent: its limits, the signature, itself, and its mail's job, or nothing."""

import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import InterfaceError, OperationalError, connection, models
from django.utils import timezone

from jobs.models import Job
from security import limits
from security.encryption import EncryptedTextField
from signatures.models import Signature, Submission
from signatures.signing import emails
from signatures.signing.seats import kept, seat_for, seated
from signatures.signing.upsert import keep

# Of their columns.
Values = Mapping[str, Any]


def store(signature: Values, submission: Values, limited: Sequence[limits.Limit]) -> uuid.UUID:
    """The key of what stands: the submission, or the same that waits for its mail already.

    The same statements run whoever sits at the mailbox's seats.

    Raises:
        FullError: one of the limits has no room, and nothing is stored.
    """
    is_postgresql = connection.vendor == "postgresql"
    return (in_one_statement if is_postgresql else one_by_one)(signature, submission, limited)


def one_by_one(signature: Values, submission: Values, limited: Sequence[limits.Limit]) -> uuid.UUID:
    with limits.spending(limited):
        seats = seated(signature["petition_id"], signature["mailbox_key"])
        asked = Signature(seat=seat_for(seats, signature["name_key"]), **signature)
        sent = Submission(signature_id=kept(asked), **submission)
        stands = keep(sent, unique=("signature_id", "content_key"), where="is_waiting")
        emails.send.enqueue(mailbox=sent.mailbox)
    return stands


def in_one_statement(
    signature: Values, submission: Values, limited: Sequence[limits.Limit]
) -> uuid.UUID:
    """By a function of the database's own: see the migration 0003_signing."""
    now = timezone.now()
    job = {
        "kind": emails.send.module_path,
        "payload": {"args": [], "kwargs": {"mailbox": submission["mailbox"]}},
        "priority": emails.send.priority,
        "run_at": now,
        "created_at": now,
    }
    rooms = limits.in_order(limited)
    told: list[Any] = [
        [each.key for each in rooms],
        [each.filling for each in rooms],
        [each.almost_full for each in rooms],
        time.time(),
        new_row(Signature, signature),
        new_row(Submission, submission),
    ]
    stands = once_more_where_lost(lambda: take_rows(*told, new_row(Job, job)))
    if stands is None:
        raise limits.refused(limited)
    return stands


def once_more_where_lost(ask: Callable[[], uuid.UUID | None]) -> uuid.UUID | None:
    """Asks on a new connection where the old one turns out to be lost.

    What was stored by then stands, and is not stored twice; a second job finds nothing to send.
    So nobody has to ask the connection first, as Django does for each request, whether it lasts.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return ask()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
    return ask()


def take_rows(*values: Any) -> uuid.UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT take_signature(%s, %s::float8[], %s::float8[], %s, %s, %s, %s)", values
        )
        found: uuid.UUID | None = cursor.fetchone()[0]
    return found


encode_row = json.JSONEncoder(default=str).encode


def new_row(model: type[models.Model], values: Values) -> str:
    """As JSON, with what Django writes into the other columns of a new row, but for NULL."""
    row = {**blank(model), "id": uuid.uuid4(), **values}
    for field in encrypted(model):
        row[field.attname] = field.get_prep_value(row[field.attname])
    return encode_row(row)


@cache
def blank(model: type[models.Model]) -> Values:
    fields = [
        each
        for each in model._meta.concrete_fields
        if not (each.has_db_default() or (each.has_default() and callable(each.default)))
    ]
    return {each.attname: value for each in fields if (value := each.get_default()) is not None}


@cache
def encrypted(model: type[models.Model]) -> list[EncryptedTextField]:
    return [each for each in model._meta.concrete_fields if isinstance(each, EncryptedTextField)]
