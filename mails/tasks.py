"""What the worker does for sending."""

from datetime import timedelta

from jobs.registry import every
from mails import smtp


@every(timedelta(seconds=5))
def end_idle_connection() -> None:
    smtp.end_idle()
