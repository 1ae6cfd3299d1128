"""What the worker does for translators."""

from datetime import timedelta

from jobs.models import Job
from jobs.registry import every, handles
from translation_desk import digest


@handles(digest.JOB)
def send_digest(job: Job) -> None:
    digest.send(job)


@every(timedelta(minutes=10))
def enqueue_digests() -> None:
    digest.enqueue_due()
