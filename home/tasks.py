"""What the worker does for what every process must know alike."""

from datetime import timedelta

from jobs.registry import every
from pagecache import versions


@every(timedelta(seconds=1))
def look_at_versions() -> None:
    """The worker, too, publishes pages and writes their addresses into mails."""
    versions.reader.look()


@every(timedelta(seconds=10))
def fold_changes() -> None:
    versions.fold()
