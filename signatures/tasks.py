"""What the worker does for signatures."""

from datetime import timedelta

from django.utils import timezone

from jobs.models import Job
from jobs.registry import every, handles
from signatures import mail, retention
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
    """Takes the person out of signatures that need it no longer."""
    now = timezone.now()
    return retention.due(now).update(
        name="",
        email="",
        comment="",
        answers={},
        postcode="",
        show_name=False,
        wants_updates=False,
        anonymised_at=now,
    )
