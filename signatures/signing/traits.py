"""By what a wave of signatures from one source is known, of each that is sent."""

from typing import Any

from django.http import HttpRequest

from security import limits
from signatures.mailboxes import (
    GMAIL,
    LARGE_PROVIDERS,
    Mailbox,
    is_disposable,
    likely_mailbox,
    registered,
)
from signatures.models import HashKey


def traits_of(request: HttpRequest, mailbox: Mailbox, campaign: HashKey) -> dict[str, Any]:
    """Columns of a submission.

    Raises:
        OperationalError: the database is away, and the day's key with it.
    """
    local, _, domain = mailbox.canonical.rpartition("@")
    thrown_away = is_disposable(domain)
    likely = likely_mailbox(mailbox.address)
    return {
        "network": limits.network_mark(request),
        "domain_key": limits.day_mark(f"domain/{registered(domain)}"),
        "domain": domain if thrown_away or domain in LARGE_PROVIDERS else "",
        "reader_key": campaign.hash(likely) if likely != mailbox.canonical else "",
        "is_tagged": "+" in local,
        "is_dotted": domain in GMAIL and "." in local,
        "is_disposable": thrown_away,
    }
