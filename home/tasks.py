"""What the worker does for the site's addresses."""

from datetime import timedelta

from home.versions import reader
from jobs.registry import every


@every(timedelta(seconds=1))
def look_at_versions() -> None:
    """The worker, too, publishes pages and writes their addresses into mails."""
    reader.look()
