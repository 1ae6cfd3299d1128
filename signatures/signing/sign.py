"""Taking what the form sends: one transaction, the same work whoever asks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Petition, TextVersion
from security import limits
from signatures.mailboxes import Mailbox
from signatures.models import HashKey, Submission
from signatures.signing import emails
from signatures.signing.storing import store
from signatures.signing.tokens import RESEND_AFTER, Ticket, now_in_milliseconds
from translations.languages.folding import fold


@dataclass(frozen=True)
class SignatureInput:
    """What somebody wrote into the form, checked."""

    name: str
    mailbox: Mailbox
    country: str
    language: str
    lives_here: bool | None = None
    # The id of one of the campaign's cities.
    home_city: int | None = None
    discreet: bool = False
    # To the questions that nobody can sign without.
    answers: Mapping[str, Any] = field(default_factory=dict)
    # What counts only once the signer has saved it: under the names of `Signature`'s own fields.
    proposal: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Keys:
    """By which a mailbox is known to a campaign, and by which it is mailed to."""

    campaign: HashKey
    site: HashKey

    @classmethod
    def of(cls, petition: Petition) -> "Keys":
        return cls(HashKey.of(petition.campaign), HashKey.of(None))


def sign(
    petition: Petition,
    text: TextVersion,
    entry: SignatureInput,
    keys: Keys | None = None,
    limited: Sequence[limits.Limit] = (),
    traits: Mapping[str, Any] = MappingProxyType({}),
) -> Ticket:
    """Stores what was sent and its mail's job, both or neither.

    The same statements run for a new, a pending and a confirmed mailbox, so that neither the
    reply nor its time tells them apart. What waits for its mail already, sent again just so,
    goes on waiting and is not stored twice: the database's constraint decides.

    Args:
        traits: what `signing.traits` tells of whoever sent it.

    Raises:
        FullError: one of the limits has no room, and nothing is stored.
    """
    keys = keys or Keys.of(petition)
    mailbox_key, mailbox = entry.mailbox.key(keys.campaign), entry.mailbox.key(keys.site)
    details = _details(entry, keys.campaign)
    proposed = {**details, "proposal": dict(entry.proposal)}
    now = timezone.now()
    same = {"text_id": text.pk, "language": entry.language}
    signature = {
        "petition_id": petition.pk,
        "mailbox_key": mailbox_key,
        "asked_at": now,
        **same,
        **details,
    }
    submission = {
        "details": proposed,
        "content_key": keys.campaign.hash(_as_text(proposed, text, entry.language)),
        "created_at": now,
        "mailbox": mailbox,
        **same,
        **traits,
    }
    stands = store(signature, submission, limited)
    return Ticket(
        petition=str(petition.id),
        submission=str(stands),
        mailbox=mailbox,
        masked=entry.mailbox.masked,
        issued_at=now_in_milliseconds(),
    )


def _details(entry: SignatureInput, keys: HashKey) -> dict[str, Any]:
    return {
        "name": entry.name,
        "name_key": keys.hash(fold(entry.name) or entry.name),
        "email": entry.mailbox.address,
        "answers": dict(entry.answers),
        "country": entry.country,
        "lives_here": entry.lives_here,
        "home_city_id": entry.home_city,
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
