"""What the worker does for signatures."""

import time
from datetime import timedelta

from django.utils import timezone

from jobs.models import Job
from jobs.registry import every, handles
from signatures import mail
from signatures.models import Bucket, Signature
from signatures.signing import MAIL_JOB

# The longest that a signature outlives its petition's close.
KEPT_AFTER_CLOSE = timedelta(days=183)


@handles(MAIL_JOB)
def send_mail(job: Job) -> None:
    mail.send(job)


@every(timedelta(minutes=10))
def delete_unconfirmed() -> int:
    """Forgets who did not confirm within seven days."""
    return Signature.objects.expired().delete()[0]


@every(timedelta(minutes=10))
def forget_networks() -> int:
    """Deletes what limits no longer need, a quarter of an hour after the last act at most."""
    return Bucket.objects.filter(empty_at__lte=time.time()).delete()[0]


@every(timedelta(hours=1))
def anonymise() -> int:
    """Takes the person out of signatures whose petition closed half a year ago."""
    now = timezone.now()
    due = Signature.objects.filter(
        petition__closes_at__lte=now - KEPT_AFTER_CLOSE, anonymised_at=None
    )
    return due.update(
        name="",
        email="",
        comment="",
        answers={},
        postcode="",
        show_name=False,
        anonymised_at=now,
    )
