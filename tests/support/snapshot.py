"""What tests begin with, built once in each process and then copied into each test's transaction.

Building goes through publishing and translating, and takes ten times as long as copying. A copy is
taken only where the tables are as they were when it was built, so that no test begins with anything
that it would not have built itself.
"""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import AutoField, Model
from django.utils import timezone
from django.utils.timezone import now
from wagtail.models import Site

from security.models import AuditEntry
from tests.support import database
from tests.support.statements import aside

P = ParamSpec("P")
R = TypeVar("R")
# Copies of one thing that are kept: what was there before may differ between tests.
MOST = 4
# Nothing is taken out of it, so nothing is copied into it, and no builder reads it.
LOG = AuditEntry._meta.db_table
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
State = dict[str, Any]

# Who is logged in, and what they may do, makes no difference to what is built; nor does the log.
PEOPLE = (
    *("accounts_", "auth_", "django_session", "wagtailusers_"),
    *("wagtailcore_group", "wagtailcore_modellogentry"),
)


def kept(build: Callable[P, R]) -> Callable[P, R]:
    """For a builder of a test's beginning. It returns things of the database, in what it likes.

    Beside rows it may only make files, which the tests' storage keeps as long as the process.
    """
    copies: dict[str, list[Copy]] = defaultdict(list)

    @functools.wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> R:
        # A test's clock stands still, and what was built by another clock is of another time.
        moment = None if timezone.now is now else timezone.now()
        commits = not connection.in_atomic_block
        asked = repr((moment, commits, packed(args), packed(kwargs)))
        before = state()
        for copy in copies[asked]:
            if copy.fits(before):
                return cast("R", copy.put_in())
        result = build(*args, **kwargs)
        copies[asked] = [Copy(before, state(), result), *copies[asked][: MOST - 1]]
        return result

    return built


class Copy:
    """Of what a builder found in the tables, what it changed in them, and what it returned."""

    @aside()
    def __init__(self, before: State, after: State, returned: object) -> None:
        changed = [
            table for table, found in after.items() if found != before[table] and table != LOG
        ]
        self.changed = {table: rows(table) for table in changed}
        self.before = {
            table: found
            for table, found in before.items()
            if table in self.changed or not table.startswith((*PEOPLE, LOG))
        }
        self.languages = settings.LANGUAGES
        self.returned = packed(returned)
        # The database whose sequences are beyond these rows.
        self.counted_on = 0
        # All of it as PostgreSQL takes it, in one statement.
        self.script = ""

    def fits(self, now: State) -> bool:
        same = all(now[table] == found for table, found in self.before.items())
        return same and self.languages == settings.LANGUAGES

    @aside()
    def put_in(self) -> object:
        if Site._meta.db_table in self.changed:
            Site.clear_site_root_paths_cache()
        with transaction.atomic(), connection.cursor() as cursor:
            # First, since what is put in may itself be noted in a row of these tables.
            if self.counted_on != database.copies:
                count_on(cursor, self.changed)
            self.fill(cursor)
        self.counted_on = database.copies
        return unpacked(self.returned)

    def fill(self, cursor: CursorWrapper) -> None:
        if connection.vendor == "sqlite":
            for name, row, found in self.statements():
                cursor.execute(f"DELETE FROM {name}")
                if found:
                    cursor.executemany(f"INSERT INTO {name} VALUES {row}", found)
            return
        if not self.script:
            for name, row, found in self.statements():
                values = ", ".join(cursor.mogrify(row, each).decode() for each in found)
                insert = f"INSERT INTO {name} VALUES {values};" if found else ""
                self.script += f"DELETE FROM {name}; {insert}"
        cursor.execute(self.script)

    def statements(self) -> Iterator[tuple[str, str, list[Row]]]:
        for table, found in self.changed.items():
            row = "(" + ", ".join(["%s"] * len(found[0] if found else ())) + ")"
            yield connection.ops.quote_name(table), row, found


def rows(table: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
        return list(cursor.fetchall())


@aside()
def state() -> State:
    """All that the tables hold, to be compared."""
    if connection.vendor == "sqlite":
        return {table: rows(table) for table in database.tables()}
    found = database.state
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            # These may be more than this transaction changed, and are never fewer.
            cursor.execute(
                "SELECT relname FROM pg_stat_xact_user_tables"
                " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
            )
            changed = {table for (table,) in cursor.fetchall()}
        return found | database.checksums(changed & found.keys())
    return database.checksums(found.keys())


def count_on(cursor: CursorWrapper, changed: Rows) -> None:
    """Lets new rows come after those that are put in with their own keys, and after all others.

    On SQLite they do. No transaction takes back what a sequence has given, so none is set back.
    """
    if connection.vendor == "sqlite":
        return
    for model in apps.get_models(include_auto_created=True):
        table, key = model._meta.db_table, model._meta.pk
        if changed.get(table) and isinstance(key, AutoField):
            cursor.execute(
                "SELECT setval(its.at, greatest(%s, pg_sequence_last_value(its.at)))"
                " FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS at) AS its",
                # A key is the first column.
                [max(row[0] for row in changed[table]), f'"{table}"', key.column],
            )


class Key(NamedTuple):
    """In place of an object."""

    model: type[Model]
    value: Any


def packed(thing: object) -> object:
    """With keys in place of objects, however deep they are in dictionaries and lists."""
    if isinstance(thing, Model):
        return Key(type(thing), thing.pk)
    if isinstance(thing, dict):
        return {name: packed(each) for name, each in thing.items()}
    return type(thing)(map(packed, thing)) if isinstance(thing, list | tuple) else thing


def keys(thing: object) -> Iterator[Key]:
    if isinstance(thing, Key):
        yield thing
    elif isinstance(thing, dict | list | tuple):
        for each in thing.values() if isinstance(thing, dict) else thing:
            yield from keys(each)


def unpacked(thing: object) -> object:
    """With what the tables hold now in place of keys."""
    wanted: dict[type[Model], list[Any]] = defaultdict(list)
    for key in keys(thing):
        wanted[key.model].append(key.value)
    found = {model: model._default_manager.in_bulk(values) for model, values in wanted.items()}
    return with_objects(thing, found)


def with_objects(thing: object, found: dict[type[Model], dict[Any, Model]]) -> object:
    if isinstance(thing, Key):
        return found[thing.model][thing.value]
    if isinstance(thing, dict):
        return {name: with_objects(each, found) for name, each in thing.items()}
    if isinstance(thing, list | tuple):
        return type(thing)(with_objects(each, found) for each in thing)
    return thing
