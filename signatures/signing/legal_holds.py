"""Legal holds: one signature each, with a reason and an end. See docs/decisions/legal-holds.md."""

from datetime import datetime, timedelta

from django.utils import timezone

from signatures.models import Erased, Hold, Signature, Submission

# So long at once; whoever needs it longer says so again, and that stands in the log.
LONGEST = timedelta(days=183)


def active_hold(signature: Signature) -> Hold | None:
    return Hold.objects.active().filter(signature=signature).first()


def place(signature: Signature, reason: str, until: datetime) -> Hold:
    """Begins a hold, or gives the one there is another end."""
    return Hold.objects.update_or_create(
        signature=signature, defaults={"reason": reason, "until": until}
    )[0]


def restrict(hold: Hold) -> None:
    """What erasing is while the hold lasts: the row counts for nothing and shows nowhere."""
    now = timezone.now()
    row = Signature.objects.filter(pk=hold.signature_id)
    for signature in row:
        Submission.objects.of_person(signature).delete()
    # What the person chose stays as it was: a claim may be about that.
    row.update(
        status=Signature.Status.WITHDRAWN,
        withdrawn_at=now,
        held_at=None,
        invalidated_at=None,
        invalidation=None,
    )
    Hold.objects.filter(pk=hold.pk, erase_asked_at=None).update(erase_asked_at=now)
    Erased.objects.record(Erased.What.RESTRICTED, [hold.signature_id])
