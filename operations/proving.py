"""Totals are proven against the rows: every night, after a restore, and when somebody asks."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from operations.models import Done
from signatures.tallies import Drift, recount

# By the site's own clock: while few read, since a large campaign takes seconds.
NIGHT = range(2, 5)
LATELY = timedelta(hours=12)
# Where no worker ran at night.
LATEST = timedelta(hours=23)


def is_due(now: datetime) -> bool:
    last = Done.objects.filter(what=Done.RECOUNT).values_list("at", flat=True).first()
    if last is None or now - last >= LATEST:
        return True
    is_night = now.astimezone(timezone.get_default_timezone()).hour in NIGHT
    return is_night and now - last >= LATELY


def prove(mends: bool = True, step: Callable[[int], object] | None = None) -> list[Drift]:
    """What differed from the rows, and no longer does where it `mends`.

    Args:
        step: told after each petition.
    """
    found = []
    for drift in recount(mends):
        if drift:
            found.append(drift)
        if step:
            step(1)
    if mends or not found:
        Done.note(Done.RECOUNT)
    return found
