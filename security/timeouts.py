"""How long a statement of the web may run, or wait for a lock, before a visitor is asked back.

It holds here alone, not for migrations and jobs. PostgreSQL takes it with the connection. A pooler
that shares connections (PgBouncer in transaction mode) refuses that, or drops it without a word;
behind one, every statement brings the limits along.
"""

import os
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

LIMITS = {
    "statement_timeout": 5_000,
    "lock_timeout": 2_000,
    "idle_in_transaction_session_timeout": 10_000,
}


def hold() -> None:
    """Before the first connection of the process."""
    if connection.vendor != "postgresql":
        return
    options = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
    os.environ.setdefault("PGOPTIONS", options)
    if not are_held():
        del os.environ["PGOPTIONS"]
        connection.close()
        # What a cursor of the server's asks is one statement.
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
        connection_created.connect(add_to_statements, dispatch_uid=__name__)


def are_held() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return bool(cursor.fetchone()[0] != "0")
    except OperationalError:
        # Refused; or the database is away, and nobody knows what stands before it.
        return False


def add_to_statements(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if limited not in connection.execute_wrappers:
        connection.execute_wrappers.append(limited)


def limited(
    execute: Callable[..., object],
    sql: object,
    parameters: object,
    many: bool,
    context: dict[str, Any],
) -> object:
    """Sets the limits in the statement's own transaction. Both travel as one message."""
    if many or not isinstance(sql, str):
        return execute(sql, parameters, many, context)
    settings = ", ".join(f"set_config('{name}', '{n}', true)" for name, n in LIMITS.items())
    # Of several answers, psycopg2 gives the last.
    return execute(f"SELECT {settings}; {sql}", parameters, many, context)
