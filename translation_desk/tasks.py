"""What the worker does for translators."""

from datetime import timedelta

from jobs.registry import every
from translation_desk import digest


@every(timedelta(minutes=10))
def enqueue_digests() -> None:
    digest.enqueue_due()
