"""What the worker does for those who work on the site."""

from datetime import timedelta

from jobs.registry import every
from staff.assigning import follow_places


@every(timedelta(minutes=5))
def follow_new_pages() -> None:
    """A campaign that came to have another language is its editors' in that one, too."""
    follow_places()
