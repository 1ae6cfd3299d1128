"""What the worker does for signatures."""

import time
from datetime import timedelta

from django.utils import timezone

from jobs.models import Job
from jobs.registry import every, handles
from signatures import mail, retention
from signatures.models import Bucket, Signature
from signatures.release import Release
from signatures.signing import MAIL_JOB


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
    """Takes the person out of signatures that need it no longer."""
    now = timezone.now()
    return retention.due(now).update(
        name="",
        email="",
        comment="",
        answers={},
        postcode="",
        show_name=False,
        name_state=Release.NONE,
        comment_state=Release.NONE,
        name_checksum="",
        comment_checksum="",
        wants_updates=False,
        anonymised_at=now,
    )
