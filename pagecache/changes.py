"""Notices what changes what public pages show, by the statement that changes it.

Signals would miss what is changed in bulk, by `QuerySet.update`, between two tables, or in SQL of
one's own. So each connection looks at the statements that write, and adds a row to the changes of
the table's topic in the same transaction, once for each, or for each record that it is about alone.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Protocol
from weakref import WeakSet

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from pagecache import records, versions

WRITES = re.compile(
    r'\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+(?:ONLY\s+)?"?(\w+)"?', re.I
)
READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "DECLARE", "FETCH", "CLOSE", "PRAGMA")
SET = re.compile(r'"(\w+)" = ')

# Whether what is done only adds signers, none of whom is shown yet.
_adding: ContextVar[bool] = ContextVar("adding", default=False)
# Who in this process wants to know at once: called once a change is stored.
listeners: "WeakSet[Listener]" = WeakSet()
paused = False


class Listener(Protocol):
    def changed(self) -> None: ...


class Dropping:
    """What waits for the end of a transaction that changed a topic."""

    def __init__(self, topic: str, record: str) -> None:
        self.told = (topic, record)

    def __call__(self) -> None:
        for listener in list(listeners):
            listener.changed()


@contextmanager
def adding() -> Iterator[None]:
    """For what is counted within seconds anyway and takes away nothing that is shown."""
    token = _adding.set(True)
    try:
        yield
    finally:
        _adding.reset(token)


@cache
def topics() -> dict[str, str]:
    """The topic of each table that public pages show something of."""
    shown = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if label not in settings.PAGECACHE["UNSEEN"]:
            topic = settings.PAGECACHE["TOPICS"].get(label, versions.PAGES)
            shown[model._meta.db_table] = topic
    return shown


@cache
def growing() -> frozenset[str]:
    """The tables whose new rows nobody has been shown anything of."""
    return frozenset(
        apps.get_model(label)._meta.db_table for label in settings.PAGECACHE["GROWING"]
    )


@cache
def drafts() -> dict[str, frozenset[str]]:
    """The columns, by table, that hold nothing but what is not published yet."""
    return {
        apps.get_model(label)._meta.db_table: frozenset(columns)
        for label, columns in settings.PAGECACHE["DRAFTS"].items()
    }


def topics_of(sql: str) -> set[str]:
    """What a statement changes of what pages show."""
    if sql.startswith(READS):
        return set()
    found = set()
    for write in WRITES.finditer(sql):
        verb, table = write[1].upper(), write[2]
        topic = topics().get(table)
        if topic and not shows_nothing(verb, table, sql[write.end() :]):
            found.add(topic)
    return found


def shows_nothing(verb: str, table: str, rest: str) -> bool:
    if verb.startswith("INSERT"):
        return table in growing() and " DO UPDATE" not in rest
    drafted = drafts().get(table)
    if verb != "UPDATE" or not drafted:
        return False
    columns = set(SET.findall(rest.partition(" WHERE ")[0]))
    return bool(columns) and columns <= drafted


def notice_on(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if noticing not in connection.execute_wrappers:
        # Outermost: others may write something before the statement.
        connection.execute_wrappers.insert(0, noticing)


def pause(**kwargs: Any) -> None:
    global paused
    paused = True


def go_on(**kwargs: Any) -> None:
    global paused
    paused = False


def noticing(
    execute: Callable[..., object],
    sql: object,
    parameters: object,
    many: bool,
    context: dict[str, Any],
) -> object:
    topics = topics_of(sql) if isinstance(sql, str) and not paused else set()
    if not topics:
        return execute(sql, parameters, many, context)
    connection = context["connection"]
    told = records.Statement(str(sql), None if many else parameters, connection.alias)
    # Once all pages are to be rendered anew, nobody asks which.
    if versions.PAGES in topics and not is_waiting(versions.PAGES, "", connection):
        told.look()
    result = execute(sql, parameters, many, context)
    for topic in topics:
        if topic == versions.PAGES:
            for record in told.records() or [""]:
                add(topic, connection, record)
        elif topic != versions.PEOPLE or not _adding.get():
            add(topic, connection)
    return result


def add(topic: str, connection: BaseDatabaseWrapper, record: str = "") -> None:
    """Once in a transaction, or in the part of it that is not taken back.

    Django forgets what waits for a commit where a savepoint is rolled back, and with it the row.
    """
    if is_waiting(topic, "", connection) or is_waiting(topic, record, connection):
        return
    versions.touch(topic, connection.alias, record)
    transaction.on_commit(Dropping(topic, record), using=connection.alias)


def is_waiting(topic: str, record: str, connection: BaseDatabaseWrapper) -> bool:
    waiting = (each[1] for each in connection.run_on_commit)
    return any(isinstance(run, Dropping) and run.told == (topic, record) for run in waiting)
