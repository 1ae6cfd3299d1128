"""What the worker does for signatures."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from jobs.models import Job
from jobs.registry import every
from signatures.keeping import erasing, keys
from signatures.models import (
    CONFIRM_WITHIN,
    Allowance,
    Erased,
    Report,
    Signature,
    Submission,
    SubmissionQuerySet,
    fold_changes,
)
from signatures.release import PARTS, Release
from signatures.shown import places
from signatures.signing import confirming, emails

# Longer than any backup is kept.
ERASED_KEPT = timedelta(days=40)


@every(timedelta(minutes=1))
def mail_what_was_put_off() -> int:
    """Makes a job per mailbox whose next mail may go, and returns how many.

    Also for what a job was to carry that somebody deleted.
    """
    waiting = Submission.objects.filter(is_waiting=True)
    jobs = Job.objects.filter(pk=OuterRef("job"))
    waiting.filter(~Exists(jobs), job__isnull=False).update(job=None, mail_after=timezone.now())
    due = waiting.filter(mail_after__lte=timezone.now())
    mailboxes = set(due.values_list("mailbox", flat=True))
    return sum(_enqueue_once(due.filter(mailbox=mailbox), mailbox) for mailbox in mailboxes)


def _enqueue_once(due: SubmissionQuerySet, mailbox: str) -> bool:
    """Of two workers only one finds anything to change."""
    with transaction.atomic():
        is_ours = bool(due.update(mail_after=None))
        if is_ours:
            emails.send.enqueue(mailbox=mailbox)
    return is_ours


@every(timedelta(seconds=5))
def fold_tallies() -> None:
    """Adds up who has signed, so that a total has little to add."""
    fold_changes()


@every(timedelta(minutes=10))
def delete_unconfirmed() -> int:
    """Forgets what was sent, how it came, and who did not confirm, after seven days."""
    Submission.objects.forget_traits()
    Submission.objects.expired().delete()
    old = Signature.objects.filter(asked_at__lte=timezone.now() - CONFIRM_WITHIN)
    return confirming.forget_unclaimed(old, as_expired=True)


@every(timedelta(minutes=10))
def forget_allowances() -> int:
    """Deletes what is free again, a day after it was used at most."""
    return Allowance.objects.filter(free_at__lte=timezone.now()).delete()[0]


@every(timedelta(hours=1))
def forget_erased() -> int:
    """Deletes what no backup holds any more, so that nothing is to be done anew."""
    return Erased.objects.filter(at__lte=timezone.now() - ERASED_KEPT).delete()[0]


@every(timedelta(hours=1))
def forget_reports() -> int:
    """Deletes reports of what is no longer public as it was reported."""
    gone = Q()
    for part in PARTS:
        as_reported = Q(checksum=F(f"signature__{part}_checksum"))
        public = Q(**{f"signature__{part}_state": Release.RELEASED})
        gone |= Q(part=part) & ~(as_reported & public)
    return Report.objects.filter(gone).delete()[0]


@every(timedelta(hours=1))
def anonymise() -> int:
    """Takes the person out of signatures that need it no longer, a week after announcing it."""
    erased = erasing.run(timezone.now())
    erasing.forget_mailboxes()
    return erased


@every(timedelta(hours=1))
def destroy_idle_keys() -> int:
    """Ends what still ties anonymized signatures to mailboxes."""
    return keys.destroy_idle(timezone.now())


@every(timedelta(minutes=1))
def tell_places() -> int:
    """Counts anew, once an hour, where signers live."""
    return places.refresh()
