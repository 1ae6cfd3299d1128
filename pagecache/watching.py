"""What a process knows of the database: whether what it keeps still holds, and what moves."""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connections
from django.utils.module_loading import import_string

from pagecache import changes
from pagecache.versions import ADDRESSES, PAGES, PEOPLE, Reader

logger = logging.getLogger(__name__)

# Whatever was seen longer ago is not believed any more.
BELIEVED_SECONDS = 1.0
# Nor are numbers, which take longer to count.
BELIEVED_NUMBERS_SECONDS = 10.0
# Whoever has not answered for so long is away.
HANGING_SECONDS = 2.0
NUMBERS_SECONDS = 2.0
# Counting takes a tenth of the time at most, but is never put off for longer than this.
MOST_NUMBERS_SECONDS = 4.0


@dataclass(frozen=True)
class Known:
    """What was seen at one look. It is replaced, never changed."""

    # When all that pages show last moved, and their addresses.
    label: tuple[int, int] = (-1, -1)
    # The version of what pages show, and that at which single records moved.
    pages: int = -1
    moved: Mapping[str, int] = field(default_factory=dict)
    people: int = -1
    numbers: Mapping[str, int] = field(default_factory=dict)
    is_away: bool = False
    # How often time alone has changed what pages show, and when it does so next.
    turns: int = 0
    turns_at: float = 0.0


class Watch:
    """Looks twice a second: in a thread of its own, or when it is asked, as in tests."""

    def __init__(self, reader: Reader, is_threaded: bool) -> None:
        self.reader = reader
        self.is_threaded = is_threaded
        self.known = Known()
        # By the clock that only goes on: when the last look that was answered had begun.
        self.seen_at = -BELIEVED_SECONDS
        self.counted_at = -BELIEVED_NUMBERS_SECONDS
        self.asking_since: float | None = None
        self.process = 0
        # None of them is held by a visitor while the database is asked, but for the first of all.
        self.starting = threading.Lock()
        self.looking = threading.Lock()
        self.replacing = threading.Lock()
        self.counting = threading.Event()
        changes.listeners.add(self)

    def current(self) -> Known | None:
        """None where nobody can say whether what is kept still holds."""
        if not self.is_threaded:
            self._look_if_due()
        elif self.process != os.getpid():
            self._start()
        known = self.known
        if known.is_away:
            return known
        now = time.monotonic()
        if now - self.seen_at > BELIEVED_SECONDS:
            return self._hanging()
        if now - self.counted_at > BELIEVED_NUMBERS_SECONDS:
            return None
        return known if time.time() < known.turns_at else self._turned(known)

    @property
    def is_looking(self) -> bool:
        """Whether `current` answers without asking the database itself."""
        return self.is_threaded and self.process == os.getpid()

    def changed(self) -> None:
        """Of this very process: what it changed, it knows at once."""
        if self.process == os.getpid() or not self.is_threaded:
            self.look()

    def look(self) -> None:
        began = self.asking_since = time.monotonic()
        try:
            with self.looking:
                self.reader.read(BELIEVED_SECONDS if self.is_threaded else settings.VERSION_SECONDS)
                self._learn()
                self.seen_at = began
        except (OperationalError, InterfaceError):
            self._replace(is_away=True)
        except Error:
            # No table yet: it is not known.
            return
        finally:
            self.asking_since = None

    def count(self) -> None:
        began = time.monotonic()
        numbers = import_string(settings.PAGECACHE["NUMBERS"])()
        self.counted_at = began
        if numbers != self.known.numbers:
            self._replace(numbers=numbers)

    def _learn(self) -> None:
        found, known = self.reader.known, self.known
        label, pages = (self.reader.all_moved, found[ADDRESSES]), found[PAGES]
        now = time.time()
        if (label, pages) != (known.label, known.pages) or now >= known.turns_at:
            turns, turns_at = known.turns + (now >= known.turns_at), next_turn()
            moved = self.reader.moved
            self._replace(label=label, pages=pages, moved=moved, turns=turns, turns_at=turns_at)
        if found[PEOPLE] != known.people:
            self._replace(people=found[PEOPLE])
            self.counting.set()
        if known.is_away:
            self._replace(is_away=False)

    def _replace(self, **what: object) -> None:
        with self.replacing:
            self.known = replace(self.known, **what)  # type: ignore[arg-type]

    def _turned(self, known: Known) -> Known:
        """What time has changed is seen at its moment; when it does so next, is looked up then."""
        with self.replacing:
            if self.known.turns == known.turns:
                soon = time.time() + BELIEVED_SECONDS
                self.known = replace(self.known, turns=known.turns + 1, turns_at=soon)
            return self.known

    def _hanging(self) -> Known | None:
        since = self.asking_since
        if since is None or time.monotonic() - since < HANGING_SECONDS:
            return None
        self._replace(is_away=True)
        return self.known

    def _look_if_due(self) -> None:
        if time.monotonic() - self.seen_at >= settings.VERSION_SECONDS:
            self.look()
            attempt(self.count)

    def _start(self) -> None:
        """After a fork, which takes no thread along. The first request waits for the first look."""
        with self.starting:
            if self.process == os.getpid():
                return
            self.look()
            attempt(self.count)
            self.process = os.getpid()
            for work in (self._keep_looking, self._keep_counting):
                threading.Thread(target=work, daemon=True, name=work.__name__).start()

    def _keep_looking(self) -> None:
        own_connection()
        while True:
            attempt(self.look)
            if self.known.is_away:
                connections["default"].close()
            time.sleep(settings.VERSION_SECONDS)

    def _keep_counting(self) -> None:
        own_connection()
        while True:
            began = time.monotonic()
            self.counting.clear()
            attempt(self.count)
            if self.known.is_away:
                connections["default"].close()
            took = time.monotonic() - began
            self.counting.wait(min(max(NUMBERS_SECONDS, took * 10), MOST_NUMBERS_SECONDS))


def next_turn() -> float:
    """The next moment at which time alone changes a page, in seconds since 1970."""
    moment: datetime | None = import_string(settings.PAGECACHE["NEXT_TURN"])()
    return moment.timestamp() if moment else float("inf")


def attempt(work: Callable[[], None]) -> None:
    try:
        work()
    except Error:
        # Whether the database is away, the look tells.
        return
    except Exception:
        # A thread that ended would leave every page to Django.
        logger.exception("What is kept of pages cannot be looked after.")


def own_connection() -> None:
    """Of a thread that waits for nobody: a server that is not there is found out soon."""
    own = connections["default"].copy("default")
    if own.vendor == "postgresql":
        own.settings_dict["OPTIONS"] |= {"connect_timeout": 2, "tcp_user_timeout": 2000}
    connections["default"] = own
