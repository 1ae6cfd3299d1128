"""Safety mode: whoever sees the signer's mails learns nothing of what was signed."""

from signatures.mailboxes import campaign_keys, canonical_of
from signatures.models import Signature, Submission, site_key


def is_discreet(address: str) -> bool:
    """Whether one of a mailbox's signatures, in whatever campaign, asks for it: it speaks for all.

    What was sent and nobody has confirmed yet counts, since the first mail comes before that.
    """
    canonical = canonical_of(address)
    signed = Signature.objects.filter(mailbox_key__in=campaign_keys(canonical), discreet=True)
    sent = Submission.objects.live().filter(mailbox=site_key().hash(canonical))
    details = sent.values_list("details", flat=True)
    return signed.exists() or any(each.get("discreet") for each in details)
