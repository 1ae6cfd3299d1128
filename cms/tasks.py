"""What the worker does for the site as a whole."""

from datetime import timedelta

from cms.versions import reader
from jobs.registry import every
from mails import smtp


@every(timedelta(seconds=1))
def look_at_versions() -> None:
    """The worker, too, publishes pages and writes their addresses into mails."""
    reader.look()


@every(timedelta(seconds=5))
def end_idle_connection() -> None:
    smtp.end_idle()
