"""Taking a signature: one transaction, the same work whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.folding import fold
from campaigns.models import Petition, TextVersion
from jobs.models import enqueue
from signatures.addresses import canonical
from signatures.models import HashKey, Signature
from signatures.tokens import Ticket, now_in_milliseconds

MAIL_JOB = "signatures.mail"
SEATS = (0, 1)


@dataclass(frozen=True)
class Entry:
    """What somebody wrote into the form, checked."""

    name: str
    email: str
    country: str
    language: str
    postcode: str = ""
    lives_here: bool | None = None
    comment: str = ""
    show_name: bool = False
    wants_updates: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)


def ticket_for(petition: Petition, entry: Entry, seat: int = 0) -> Ticket:
    return Ticket(
        petition=str(petition.id),
        email=entry.email,
        mailbox_key=HashKey.of(petition.campaign).hash(canonical(entry.email)),
        seat=seat,
        issued_at=now_in_milliseconds(),
    )


def take(petition: Petition, text: TextVersion, entry: Entry) -> Ticket:
    """Stores a pending signature and its mail's job, both or neither.

    The same statements run for a new, a pending and a confirmed mailbox, so that neither the
    reply nor its time tells them apart. Two identical posts at once end in one row: the
    database's constraint decides.
    """
    with transaction.atomic():
        keys = HashKey.of(petition.campaign)
        mailbox_key = keys.hash(canonical(entry.email))
        name_key = keys.hash(fold(entry.name) or entry.name)
        taken = _taken_seats(petition, mailbox_key)
        seat = _seat_for(taken, name_key)
        waiting = Signature(
            petition=petition, mailbox_key=mailbox_key, name_key=name_key, seat=seat
        )
        changes = _details(text, entry)
        for field, value in changes.items():
            setattr(waiting, field, value)
        Signature.objects.bulk_create([waiting], ignore_conflicts=True)
        rows = Signature.objects.filter(petition=petition, mailbox_key=mailbox_key, seat=seat)
        open_rows = rows.filter(
            name_key=name_key, status__in=[Signature.Status.PENDING, Signature.Status.WITHDRAWN]
        )
        open_rows.update(status=Signature.Status.PENDING, anonymised_at=None, **changes)
        enqueue(MAIL_JOB, {"signature": str(rows.values_list("id", flat=True).get())})
    return ticket_for(petition, entry, seat)


def _taken_seats(petition: Petition, mailbox_key: str) -> dict[int, str]:
    rows = Signature.objects.filter(petition=petition, mailbox_key=mailbox_key)
    return dict(rows.values_list("seat", "name_key"))


def _seat_for(taken: dict[int, str], name_key: str) -> int:
    """The person's own seat, else a free one, else the last: two people may share a mailbox."""
    for seat in SEATS:
        if taken.get(seat, name_key) == name_key:
            return seat
    return SEATS[-1]


def _details(text: TextVersion, entry: Entry) -> dict[str, object]:
    comment = Signature.Comment.WAITING if entry.comment else Signature.Comment.NONE
    return {
        "text": text,
        "language": entry.language,
        "email": entry.email,
        "name": entry.name,
        "comment": entry.comment,
        "comment_state": comment,
        "answers": dict(entry.answers),
        "country": entry.country,
        # Enough of a postcode for totals, too little to find a street.
        "postcode": entry.postcode[:3],
        "lives_here": entry.lives_here,
        "show_name": entry.show_name,
        "wants_updates": entry.wants_updates,
        "asked_at": timezone.now(),
    }
