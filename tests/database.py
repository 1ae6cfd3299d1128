"""The tests' database: migrated once, kept for the next run, copied for every process.

Migrating takes longer than most files of tests, and emptying all tables after a test that commits
takes longer than the test. A copy of the file, or of PostgreSQL's database, takes neither.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "test"
# What decides what migrations leave behind, the languages of the settings among it.
SOURCES = (
    "*/migrations/*.py",
    "*/models.py",
    "*/models/*.py",
    "home/*.py",
    "cms/settings/*.py",
    "locale/*/LC_MESSAGES/*.mo",
    "requirements/base.txt",
)


class SQLite:
    def __init__(self, checksum: str) -> None:
        self.template = str(FOLDER / f"template-{checksum}.sqlite3")
        self.copy = str(FOLDER / f"{os.getpid()}.sqlite3")

    def has_template(self) -> bool:
        return Path(self.template).exists()

    def make(self) -> None:
        unfinished = f"{self.template}.{os.getpid()}"
        use(unfinished)
        migrate()
        os.replace(unfinished, self.template)
        for old in FOLDER.glob("template-*.sqlite3"):
            if str(old) != self.template:
                old.unlink(missing_ok=True)

    def renew(self) -> None:
        """Begins anew, with what migrations leave."""
        self.drop()
        shutil.copyfile(self.template, self.copy)

    def drop(self) -> None:
        for end in ("", "-wal", "-shm"):
            Path(self.copy + end).unlink(missing_ok=True)


class PostgreSQL:
    def __init__(self, checksum: str) -> None:
        named = settings.DATABASES["default"]["NAME"]
        self.templates = f"template_{named}_"
        self.template = f"{self.templates}{checksum}"
        self.copy = f"test_{named}_{os.getpid()}"

    def has_template(self) -> bool:
        return self.template in self.all_templates()

    def make(self) -> None:
        for old in self.all_templates():
            ask(f'DROP DATABASE "{old}" WITH (FORCE)')
        # Nobody takes one that was not finished for the template.
        unfinished = f"unfinished_{os.getpid()}"
        ask(f'CREATE DATABASE "{unfinished}"')
        use(unfinished)
        migrate()
        ask(f'ALTER DATABASE "{unfinished}" RENAME TO "{self.template}"')

    def all_templates(self) -> list[str]:
        found = ask("SELECT datname FROM pg_database WHERE datname LIKE %s", f"{self.templates}%")
        return [name for (name,) in found]

    def renew(self) -> None:
        self.drop()
        ask(f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.template}"')

    def drop(self) -> None:
        ask(f'DROP DATABASE IF EXISTS "{self.copy}" WITH (FORCE)')


def ask(statement: str, *values: str) -> list[Any]:
    """Asks the server, as Django does when it makes the tests' database itself."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def checksum() -> str:
    """Of all that the template depends on."""
    found = hashlib.sha256()
    files = {path for pattern in SOURCES for path in ROOT.glob(pattern)}
    for path in sorted(files):
        found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def use(name: str) -> None:
    """Lets this process, its other threads included, work in a database of that name."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()


@contextmanager
def lock() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def of_this_process() -> SQLite | PostgreSQL:
    """The database's copy, not made yet; its template is there."""
    kind = SQLite if connection.vendor == "sqlite" else PostgreSQL
    found = kind(checksum())
    with lock():
        if not found.has_template():
            found.make()
    return found


def renew(copy: SQLite | PostgreSQL) -> None:
    connections.close_all()
    copy.renew()
