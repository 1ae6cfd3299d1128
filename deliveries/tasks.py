"""What the worker does for deliveries."""

from datetime import timedelta

from django.utils import timezone

from deliveries.answering import links
from deliveries.packs import handing, sending
from deliveries.packs.making import make as make
from jobs.registry import every


@every(timedelta(minutes=1))
def send_packs() -> int:
    """Sends those that were asked to go, in the office hours of where they go."""
    return sending.send_due(timezone.now())


@every(timedelta(minutes=10))
def delete_old_packs() -> int:
    """Deletes the files that were handed out a day ago, and those that nobody takes."""
    return handing.delete_old()


@every(timedelta(hours=1))
def forget_mailboxes() -> int:
    """Takes the mailbox out of links that are too old to answer by."""
    return links.forget_old()
