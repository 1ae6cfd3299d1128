"""Safety mode: whoever sees the signer's mails learns nothing of what was signed."""

from collections.abc import Collection, Iterable

from signatures.mailboxes import canonical_of
from signatures.models import HashKey, Signature, Submission, site_key


def is_discreet(address: str) -> bool:
    """Whether one of a mailbox's signatures, in whatever campaign, asks for it: it speaks for all.

    What was sent and nobody has confirmed yet counts, since the first mail comes before that.
    """
    canonical = canonical_of(address)
    sent = Submission.objects.live().filter(mailbox=site_key().hash(canonical))
    return bool(signed_discreetly([canonical])) or ask_for_it(sent)


def signed_discreetly(canonicals: Collection[str]) -> set[str]:
    """Those of some mailboxes with which something was signed that asks for it."""
    campaigns = HashKey.objects.of_campaigns()
    known_as = {keys.hash(each): each for keys in campaigns for each in canonicals}
    signed = Signature.objects.filter(mailbox_key__in=known_as, discreet=True)
    return {known_as[key] for key in signed.values_list("mailbox_key", flat=True)}


def ask_for_it(sent: Iterable[Submission]) -> bool:
    return any(each.details.get("discreet") for each in sent)
