"""Taking what the form sends: one transaction, the same work whoever asks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Petition, TextVersion
from signatures.mailboxes import Mailbox
from signatures.models import CONFIRM_WITHIN, HashKey, Signature, Submission
from signatures.signing import emails
from signatures.signing.allowances import A_DAY
from signatures.signing.seats import seat_for, stored
from signatures.signing.tokens import RESEND_AFTER, Ticket, now_in_milliseconds
from translations.languages.folding import fold

# So many of a seat's posts may wait for a mail each: more could not be mailed in their seven days.
WAITING = A_DAY * CONFIRM_WITHIN.days


@dataclass(frozen=True)
class SignatureInput:
    """What somebody wrote into the form, checked."""

    name: str
    mailbox: Mailbox
    country: str
    language: str
    postcode: str = ""
    lives_here: bool | None = None
    comment: str = ""
    show_name: bool = False
    discreet: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)


def sign(petition: Petition, text: TextVersion, entry: SignatureInput) -> Ticket:
    """Stores what was sent and its mail's job, both or neither.

    The same statements run for a new, a pending and a confirmed mailbox, so that neither the
    reply nor its time tells them apart. What waits for its mail already, sent again just so,
    goes on waiting and is not stored twice: the database's constraint decides.
    """
    now = timezone.now()
    with transaction.atomic():
        keys = HashKey.of(petition.campaign)
        mailbox_key = entry.mailbox.key(keys)
        details = _details(entry, keys)
        seats = list(Signature.objects.of_mailbox(petition, mailbox_key))
        signature = Signature(
            petition=petition,
            mailbox_key=mailbox_key,
            seat=seat_for(seats, details["name_key"]),
            text=text,
            language=entry.language,
            asked_at=now,
            **details,
        )
        submission = Submission(
            signature=stored(signature),
            text=text,
            language=entry.language,
            details=details,
            content_key=keys.hash(_as_text(details, text, entry.language)),
            created_at=now,
            mailbox=entry.mailbox.key(HashKey.of(None)),
        )
        Submission.objects.bulk_create([submission], ignore_conflicts=True)
        kept = _let_few_wait(submission)
        emails.send.enqueue(mailbox=submission.mailbox)
    return Ticket(
        petition=str(petition.id),
        submission=str(kept.id),
        mailbox=kept.mailbox,
        masked=entry.mailbox.masked,
        issued_at=now_in_milliseconds(),
    )


def _let_few_wait(submission: Submission) -> Submission:
    """Forgets all but a few that wait for their first mail; returns what stands for this one.

    The first stays, and the newest. A stranger who wants somebody's post out of the way has to send
    more after it than could be mailed at all.
    """
    waiting = Submission.objects.filter(signature=submission.signature, is_waiting=True)
    unsent = waiting.filter(mailed_at=None, job=None).order_by("created_at", "id")
    newest = unsent.reverse()[: WAITING - 1]
    # In one statement, whatever waits.
    unsent.exclude(pk__in=unsent.values("pk")[:1]).exclude(pk__in=newest.values("pk")).delete()
    return waiting.filter(content_key=submission.content_key).first() or submission


def _details(entry: SignatureInput, keys: HashKey) -> dict[str, Any]:
    return {
        "name": entry.name,
        "name_key": keys.hash(fold(entry.name) or entry.name),
        "email": entry.mailbox.address,
        "comment": entry.comment,
        "answers": dict(entry.answers),
        "country": entry.country,
        # Enough of a postcode for totals, too little to find a street.
        "postcode": entry.postcode[:3],
        "lives_here": entry.lives_here,
        "show_name": entry.show_name,
        "discreet": entry.discreet,
    }


def _as_text(details: Mapping[str, Any], text: TextVersion, language: str) -> str:
    return json.dumps([details, str(text.pk), language], sort_keys=True, default=str)


def send_again(ticket: Ticket) -> None:
    """Lets a submission wait for another mail, where there is one that has had its first.

    The same statements run whatever is there.
    """
    mailed = Submission.objects.live().filter(
        id=ticket.submission, is_waiting=False, mailed_at__lte=timezone.now() - RESEND_AFTER
    )
    try:
        with transaction.atomic():
            mailed.update(is_waiting=True, job=None)
    except IntegrityError:
        # The same was sent by the form again and waits for its mail, which comes instead.
        pass
    emails.send.enqueue(mailbox=ticket.mailbox)
