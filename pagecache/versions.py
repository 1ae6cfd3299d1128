"""What several processes must know alike.

Each keeps in its own memory what it has once looked up. Whoever changes that adds a row to the
changes of its topic, in the same transaction; every process looks at the numbers twice a second,
and forgets what belongs to one that has moved. A topic's number is what stands in its row plus the
changes that the worker has not folded into it yet, so folding moves nothing.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import F, QuerySet
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
NUMBERS = (
    "SELECT name, number FROM pagecache_version UNION ALL "
    "SELECT topic, count(*) FROM pagecache_change GROUP BY topic"
)
# How many changes are folded at once.
FOLDED = 10_000
# No two states of a database before and after a restore have the same numbers.
FAR = 2**40


def touch(topic: str, using: str = "default") -> None:
    """Lets every process take anew what belongs to a topic, once this transaction is over."""
    with connections[using].cursor() as cursor:
        cursor.execute("INSERT INTO pagecache_change (topic) VALUES (%s)", [topic])


def numbers() -> dict[str, int]:
    """How often each topic has changed, in one statement: folding moves none of them."""
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS)
        for topic, number in cursor.fetchall():
            found[topic] += number
    return dict(found)


def fold() -> None:
    """Adds the changes up, so that there are few rows to count. Several workers take turns."""
    for topic in Change.objects.order_by().values_list("topic", flat=True).distinct():
        with transaction.atomic():
            version = held(topic)
            seen = list(Change.objects.filter(topic=topic).values_list("pk", flat=True)[:FOLDED])
            number, _models = Change.objects.filter(pk__in=seen).delete()
            version.update(number=F("number") + number)


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
        self.next_look = 0.0

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
        self.next_look = time.monotonic() + good_for
        found = numbers()
        for topic, forgotten in FORGET.items():
            if found.get(topic, 0) != self.known.get(topic):
                for forget in forgotten:
                    forget()
        self.known = {topic: found.get(topic, 0) for topic in (*TOPICS, *FORGET)}


reader = Reader()
