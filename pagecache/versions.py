"""What several processes must know alike.

Each keeps in its own memory what it has once looked up. Whoever changes that adds a row to the
changes of its topic, in the same transaction; every process looks at the numbers twice a second,
and forgets what belongs to one that has moved. A topic's number is what stands in its row plus the
changes that the worker has not folded into it yet, so folding moves nothing.

A change may name the one record that it was about. Where such changes alone have moved the number
of what pages show, pages that show nothing of these records still hold.
"""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import F, Max, QuerySet
from wagtail.models import Site

from pagecache.models import Change, Version

ADDRESSES = "addresses"
# What public pages show; and of signers, whom and how many.
PAGES = "pages"
PEOPLE = "people"
TOPICS = (ADDRESSES, PAGES, PEOPLE)


def forget_looked_up() -> None:
    """What Wagtail keeps in a cache: addresses of home pages, names of languages, pictures' sizes.

    From a cache that all share, whoever changes something takes it out for all.
    """
    if isinstance(caches["default"], LocMemCache):
        cache.clear()
    else:
        Site.clear_site_root_paths_cache()


# What is forgotten when a version has moved.
FORGET: dict[str, list[Callable[[], None]]] = {
    ADDRESSES: [forget_looked_up],
    PAGES: [forget_looked_up],
}
# What is folded names no record any more.
FOLDED_AND_NEW = (
    "SELECT name, NULL, number FROM pagecache_version UNION ALL "
    "SELECT topic, record, count(*) FROM pagecache_change GROUP BY topic, record"
)
# How many records are told apart that have moved.
MOST_RECORDS = 1000
# How many changes are folded at once.
FOLDED = 10_000
# No two states of a database before and after a restore have the same numbers.
FAR = 2**40


def touch(topic: str, using: str = "default", record: str = "") -> None:
    """Lets every process take anew what belongs to a topic, once this transaction is over."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO pagecache_change (topic, record) VALUES (%s, %s)", [topic, record]
        )


@dataclass(frozen=True)
class Counted:
    """How often each topic has changed, and by records what pages show, but for folded changes."""

    numbers: Mapping[str, int]
    records: Mapping[str, int]

    def moved_since(self, before: "Counted") -> list[str] | None:
        """The records by which alone what pages show has moved; None where there is more to it.

        Where something was folded before it was seen, the numbers differ by more than the records.
        """
        grown = {
            record: more
            for record, number in self.records.items()
            if (more := number - before.records.get(record, 0)) > 0
        }
        is_all = self.numbers.get(PAGES, 0) - before.numbers.get(PAGES, 0) == sum(grown.values())
        return [*grown] if is_all else None


def counted() -> Counted:
    """In one statement, so that folding moves no number."""
    numbers: Counter[str] = Counter()
    records: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(FOLDED_AND_NEW)
        for topic, record, number in cursor.fetchall():
            numbers[topic] += number
            if topic == PAGES and record:
                records[record] = number
    return Counted(dict(numbers), records)


def numbers() -> Mapping[str, int]:
    return counted().numbers


class Folder:
    """Adds changes up, so that there are few rows to count. Several workers take turns.

    Only those that were there the last time: by now every process has seen which records they name.
    """

    def __init__(self) -> None:
        self.newest = 0

    def fold(self) -> None:
        changes = Change.objects.filter(pk__lte=self.newest)
        for topic in changes.order_by().values_list("topic", flat=True).distinct():
            with transaction.atomic():
                version = held(topic)
                seen = list(changes.filter(topic=topic).values_list("pk", flat=True)[:FOLDED])
                number, _models = Change.objects.filter(pk__in=seen).delete()
                version.update(number=F("number") + number)
        self.newest = Change.objects.aggregate(newest=Max("pk"))["newest"] or 0


fold = Folder().fold


def start_anew() -> None:
    """After a restore: whoever knew the database as it was forgets all of it."""
    for topic in {*TOPICS, *FORGET}:
        with transaction.atomic():
            held(topic).update(number=F("number") + secrets.randbelow(FAR) + 1)


def held(topic: str) -> QuerySet[Version]:
    """The topic's row, which is there and locked until the transaction ends."""
    rows = Version.objects.filter(name=topic)
    Version.objects.bulk_create([Version(name=topic)], ignore_conflicts=True)
    rows.select_for_update().get()
    return rows


class Reader:
    """What this process knows of the versions."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.counted = Counted({}, {})
        # The number of what pages show at which all of them last moved, and by record since then.
        self.all_moved = -1
        self.moved: Mapping[str, int] = {}
        self.next_look = 0.0
        # Whoever looks later learns later.
        self.lock = threading.Lock()

    def look(self) -> None:
        """Forgets what is out of date. A database that does not answer is told elsewhere."""
        if time.monotonic() < self.next_look:
            return
        with suppress(DatabaseError):
            self.read(settings.VERSION_SECONDS)

    def read(self, good_for: float) -> None:
        """Asks now; for so many seconds `look` need not.

        Raises: DatabaseError, where the database does not answer.
        """
        with self.lock:
            self.next_look = time.monotonic() + good_for
            found = counted()
            for topic, forgotten in FORGET.items():
                if found.numbers.get(topic, 0) != self.known.get(topic):
                    for forget in forgotten:
                        forget()
            self._learn(found)
            self.known = {topic: found.numbers.get(topic, 0) for topic in (*TOPICS, *FORGET)}

    def _learn(self, found: Counted) -> None:
        number = found.numbers.get(PAGES, 0)
        records = found.moved_since(self.counted)
        moved = {**self.moved, **dict.fromkeys(records or [], number)}
        if records is None or len(moved) > MOST_RECORDS or self.all_moved < 0:
            self.all_moved, moved = number, {}
        self.counted, self.moved = found, moved


reader = Reader()
