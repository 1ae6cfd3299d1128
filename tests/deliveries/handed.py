"""A delivery that was handed over, and the link by which its recipient answers."""

import hashlib
import re
from datetime import timedelta
from typing import Any

from django.core import mail
from django.utils import timezone

from campaigns.models import Delivery, Petition, PetitionEvent
from deliveries.answering import links
from jobs.worker import drain

FILE = b"%PDF-1.7 What was handed over."
MAILBOX = "mayor@portland.example"


def handed(petition: Petition, days_ago: int = 0, **changes: Any) -> Delivery:
    at = timezone.now() - timedelta(days=days_ago)
    event = PetitionEvent.objects.create(
        petition=petition, kind="delivered", date=petition.local_time(at).date()
    )
    told = {
        "recipients": {"en": "Mayor of Portland", "uk": "мер Портленда"},
        "checksums": {"portland-en.pdf": hashlib.sha256(FILE).hexdigest()},
        **dict.fromkeys(("counted_at", "ready_at", "handed_at"), at),
        **changes,
    }
    return Delivery.objects.create(petition=petition, event=event, **told)


def mailed_link(delivery: Delivery, language: str = "en") -> str:
    """The address to answer at, as the recipient got it."""
    links.give(delivery, MAILBOX, language)
    drain()
    found = re.search(r"http://[^/]+(/\S+/deliveries/answer/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]
