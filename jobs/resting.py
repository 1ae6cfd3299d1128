"""Kinds of jobs that a process leaves alone for a while, since what they need is away."""

from datetime import datetime, timedelta

from django.utils import timezone


class Resting:
    """Their rows stay as they are, so that all of them are due as soon as it is back."""

    def __init__(self) -> None:
        self.times: dict[str, tuple[datetime, datetime]] = {}

    def rest(self, kind: str, delay: timedelta) -> None:
        now = timezone.now()
        self.times[kind] = (now, now + delay)

    def kinds(self) -> list[str]:
        now = timezone.now()
        # A clock that was put back makes none rest longer.
        times = list(self.times.items())
        return sorted(kind for kind, (since, until) in times if since <= now < until)

    def clear(self) -> None:
        self.times.clear()


resting = Resting()
