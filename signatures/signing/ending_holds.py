"""What the end of a legal hold lets happen."""

from django.db import transaction
from django.utils import timezone

from signatures.models import Hold
from signatures.signing.confirming import erase_signature


def end(hold: Hold) -> None:
    """Lifts a hold; what its signer has asked for meanwhile is done."""
    with transaction.atomic():
        signature, is_erased = hold.signature, hold.erase_asked_at is not None
        hold.delete()
        if is_erased:
            erase_signature(signature)


def end_those_over() -> list[str]:
    """Ends the holds whose day has come, and returns the keys of their signatures."""
    over = list(Hold.objects.filter(until__lte=timezone.now()).select_related("signature"))
    for hold in over:
        end(hold)
    return [str(hold.signature_id) for hold in over]
