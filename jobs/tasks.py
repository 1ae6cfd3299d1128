"""What the worker does for its own sake."""

from datetime import timedelta

from jobs.models import Heartbeat
from jobs.registry import every


@every(timedelta(seconds=15))
def beat() -> None:
    Heartbeat.beat()
