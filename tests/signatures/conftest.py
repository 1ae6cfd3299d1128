from datetime import UTC, datetime, timedelta
from typing import Any

import pytest


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def time(self) -> float:
        return self.now.timestamp()

    def go_on(self, **some: float) -> None:
        self.now += timedelta(**some)


@pytest.fixture
def clock(monkeypatch: Any) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.time", clock.time)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock
