"""Packs that came back, as the mail service tells: their deliveries never happened."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking
from django.utils import timezone

from campaigns.models import Delivery
from deliveries.packs.handing import note_bounce
from signatures.views.bounces import is_bounced

# As long as mail servers try.
TRIED_FOR = timedelta(days=7)


def watch() -> None:
    tracking.connect(take, dispatch_uid=__name__)


def take(event: AnymailTrackingEvent, **kwargs: Any) -> None:
    """The service knows its mails by numbers of its own: what tells which is the recipient."""
    came_from = (event.recipient or "").lower()
    if not came_from or not is_bounced(event):
        return
    for delivery in emailed():
        if mailbox_of(delivery).lower() == came_from:
            note_bounce(delivery, None)


def emailed() -> Iterator[Delivery]:
    """Those that may still come back."""
    since = timezone.now() - TRIED_FOR
    found = Delivery.objects.filter(way=Delivery.Way.EMAIL, handed_at__gte=since)
    yield from found.select_related("pack", "answer_link", "event")


def mailbox_of(delivery: Delivery) -> str:
    """Where it went: a day later only the link that followed it knows."""
    pack, link = (getattr(delivery, name, None) for name in ("pack", "answer_link"))
    if pack and pack.email:
        return str(pack.email)
    return str(link.mailbox) if link and link.generation == 1 else ""
