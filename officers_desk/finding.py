"""Finding what one mailbox has signed. There is no other way in: nobody browses signers."""

from signatures.mailboxes import Mailbox
from signatures.models import HashKey, Signature


def signatures_of(mailbox: Mailbox) -> list[Signature]:
    """In every campaign, also what nobody confirmed. Each campaign knows it by another key."""
    keys = [mailbox.key(campaign) for campaign in HashKey.objects.exclude(campaign=None)]
    found = Signature.objects.filter(mailbox_key__in=keys).select_related("petition")
    return list(found.order_by("-asked_at", "seat"))
