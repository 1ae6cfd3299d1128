"""What several processes must know alike.

Each keeps in its own memory what it has once looked up. Whoever changes that counts a version up,
in the same transaction; every process looks at the versions when a request begins, twice a second
at most, and forgets what belongs to one that has moved.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.db.models import F
from wagtail.models import Site

from home.models import Version

ADDRESSES = "addresses"
# What is forgotten when a version has moved.
FORGET: dict[str, Callable[[], None]] = {ADDRESSES: Site.clear_site_root_paths_cache}


def touch(name: str) -> None:
    """Lets every process take anew what belongs to this version, once this transaction is over."""
    rows = Version.objects.filter(name=name)
    if not rows.update(number=F("number") + 1):
        Version.objects.bulk_create([Version(name=name)], ignore_conflicts=True)
        rows.update(number=F("number") + 1)


class Reader:
    """What this process knows of the versions."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.next_look = 0.0

    def look(self) -> None:
        """Forgets what is out of date. A database that does not answer is told elsewhere."""
        now = time.monotonic()
        if now < self.next_look:
            return
        self.next_look = now + settings.VERSION_SECONDS
        try:
            found = dict(Version.objects.values_list("name", "number"))
        except DatabaseError:
            return
        for name, forget in FORGET.items():
            if found.get(name, 0) != self.known.get(name):
                forget()
        self.known = {name: found.get(name, 0) for name in FORGET}


reader = Reader()
