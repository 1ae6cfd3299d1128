"""What the worker does for signatures."""

from datetime import timedelta

from django.utils import timezone

from jobs.models import Job
from jobs.registry import every, handles
from signatures import erasing, mail
from signatures.models import Signature
from signatures.signing import MAIL_JOB


@handles(MAIL_JOB)
def send_mail(job: Job) -> None:
    mail.send(job)


@every(timedelta(minutes=10))
def delete_unconfirmed() -> int:
    """Forgets who did not confirm within seven days."""
    return Signature.objects.expired().delete()[0]


@every(timedelta(hours=1))
def anonymise() -> int:
    """Takes the person out of signatures that need it no longer, a week after announcing it."""
    return erasing.run(timezone.now())
