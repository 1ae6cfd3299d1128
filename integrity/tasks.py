"""What the worker does so that signatures can be believed."""

from datetime import timedelta

from django.utils import timezone

from integrity.models import Wave
from integrity.published.counting import refresh_integrity
from integrity.watch import alerts, waves
from integrity.watch.thresholds import DAY, HOUR
from jobs.registry import every


@every(timedelta(minutes=1))
def watch() -> None:
    """Looks for waves of signatures, holds them, and has them told of."""
    now = timezone.now()
    waves.look(now, HOUR)
    alerts.tell(now)


@every(timedelta(minutes=30))
def watch_slow_ones() -> None:
    """Looks for those that keep below what an hour lets pass."""
    waves.look(timezone.now(), DAY)


@every(timedelta(minutes=10))
def forget_traits() -> int:
    """Deletes by what waves were known, a week after they began."""
    return Wave.objects.forget_traits()


@every(timedelta(minutes=1))
def tell_integrity() -> int:
    """Counts anew, once an hour, what became of each petition's signatures."""
    return refresh_integrity()
