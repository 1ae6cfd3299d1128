"""The tests' databases: made once, kept for the next run, copied for every process.

Migrating takes longer than most files of tests, building the demo too, and emptying all tables
after a test that commits takes longer than the test. A copy of the file, or of PostgreSQL's
database, takes none of that.
"""

import fcntl
import functools
import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from scripts.unchanged import ROOT, checksum

FOLDER = ROOT / "var" / "test"
# What decides what migrations leave behind, the languages of the settings among it.
MIGRATED = (
    "*/migrations/*.py",
    "*/models.py",
    "*/models/*.py",
    "cms/settings/*.py",
    "locale/*/LC_MESSAGES/*.mo",
    "requirements/base.txt",
)
# Building the demo goes through most of what there is.
SEEDED = (
    *MIGRATED,
    *(f"{app}/**/*.py" for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()),
    "demo/data/*",
)


# How often this process began anew, and with what in each table, on PostgreSQL.
copies = 0
state: dict[str, Any] = {}


class SQLite:
    def path(self, name: str) -> str:
        return str(FOLDER / f"{name}.sqlite3")

    def names(self) -> list[str]:
        return [path.stem for path in FOLDER.glob("*.sqlite3")]

    def create(self, name: str) -> None:
        self.drop(name)

    def copy(self, template: str, name: str) -> None:
        self.drop(name)
        shutil.copyfile(self.path(template), self.path(name))

    def rename(self, name: str, new: str) -> None:
        os.replace(self.path(name), self.path(new))

    def drop(self, name: str) -> None:
        for end in ("", "-wal", "-shm"):
            Path(self.path(name) + end).unlink(missing_ok=True)


class PostgreSQL:
    def __init__(self) -> None:
        # Several checkouts may share a server.
        here = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
        self.prefix = f"test_{settings.DATABASES['default']['NAME']}_{here}_"

    def path(self, name: str) -> str:
        return self.prefix + name

    def names(self) -> list[str]:
        found = self.ask("SELECT datname FROM pg_database")
        return [name.removeprefix(self.prefix) for (name,) in found if name.startswith(self.prefix)]

    def create(self, name: str) -> None:
        self.drop(name)
        self.ask(f'CREATE DATABASE "{self.path(name)}"')

    def copy(self, template: str, name: str) -> None:
        self.drop(name)
        self.ask(f'CREATE DATABASE "{self.path(name)}" TEMPLATE "{self.path(template)}"')

    def rename(self, name: str, new: str) -> None:
        self.ask(f'ALTER DATABASE "{self.path(name)}" RENAME TO "{self.path(new)}"')

    def drop(self, name: str) -> None:
        self.ask(f'DROP DATABASE IF EXISTS "{self.path(name)}" WITH (FORCE)')

    def ask(self, statement: str) -> list[Any]:
        """As Django does when it makes the tests' database itself."""
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []


class Database:
    """Of this process: a copy of one template or another."""

    def __init__(self) -> None:
        self.server = SQLite() if connection.vendor == "sqlite" else PostgreSQL()
        self.name = str(os.getpid())
        self.states: dict[str, dict[str, Any]] = {}

    def migrated(self) -> None:
        """Begins anew, with what migrations leave."""
        self._begin("migrated", MIGRATED, self._migrate)

    def seeded(self) -> None:
        """Begins anew, with the demo."""
        self._begin("seeded", SEEDED, self._seed)

    def _begin(self, kind: str, sources: tuple[str, ...], build: Callable[[str], None]) -> None:
        global copies, state
        copies += 1
        template = f"{kind}_{checksum(sources)}"
        connections.close_all()
        with lock(connection.vendor):
            if template not in self.server.names():
                self._make(kind, template, build)
        self.server.copy(template, self.name)
        self._use(self.name)
        if connection.vendor == "postgresql":
            if template not in self.states:
                self.states[template] = checksums(tables())
            state = self.states[template]

    def _make(self, kind: str, template: str, build: Callable[[str], None]) -> None:
        for old in self.server.names():
            if old.startswith(f"{kind}_"):
                self.server.drop(old)
        unfinished = f"unfinished_{self.name}"
        # Whatever the test at hand has set, a template is no real site's.
        with override_settings(DEMO=True):
            build(unfinished)
        connections.close_all()
        self.server.rename(unfinished, template)

    def _migrate(self, name: str) -> None:
        self.server.create(name)
        self._use(name)
        call_command("migrate", verbosity=0, interactive=False)

    def _seed(self, name: str) -> None:
        self.server.copy(f"migrated_{checksum(MIGRATED)}", name)
        self._use(name)
        call_command("seed_demo")

    def _use(self, name: str) -> None:
        """Of all threads of the process."""
        connections.close_all()
        path = self.server.path(name)
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = path

    def drop(self) -> None:
        connections.close_all()
        self.server.drop(self.name)


@functools.cache
def tables() -> list[str]:
    """A full-text index follows its table by itself."""
    names = connection.introspection.django_table_names(only_existing=True)
    return sorted(name for name in names if not name.endswith("_fts"))


def checksums(tables: Collection[str]) -> dict[str, Any]:
    """PostgreSQL's. By one statement, since each would be answered over a connection."""
    each = " UNION ALL ".join(
        f"SELECT '{table}', sum(hashtextextended(each::text, 0)) FROM \"{table}\" each"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(each or "SELECT 1 WHERE false")
        return dict(cursor.fetchall())


@contextmanager
def lock(name: str) -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_templates() -> None:
    """Before any test, each of which would wait."""
    django.setup()
    with lock("messages"):
        call_command("compilemessages")
    database = Database()
    database.migrated()
    database.seeded()
    database.drop()


if __name__ == "__main__":
    make_templates()
