import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from tests import factories, snapshot

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test starts in English, whatever page the one before it looked at."""
    with translation.override("en"):
        yield


@pytest.fixture
def site(db: Any) -> dict[str, Any]:
    """A small campaign with one city, live in both languages."""
    return snapshot.make_site()


@pytest.fixture
def portland(site: dict[str, Any]) -> dict[str, Any]:
    return site["portland"]  # type: ignore[no-any-return]


@pytest.fixture
def transactional_site(transactional_db: Any) -> dict[str, Any]:
    """The same, for tests in which several connections see each other's work.

    Such tests empty the tables after them, Wagtail's first rows too, which are made anew here.
    """
    factories.ensure_root()
    return factories.make_site()


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
