"""Whether a pooler stands before PostgreSQL, as PgBouncer does, and what cannot be done then.

Behind one, two transactions of a connection may be two of the server's. Whatever the server keeps
for a connection between them is lost, or left to somebody else.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


def notice() -> None:
    connection_created.connect(keep_no_cursors, dispatch_uid=__name__)


def keep_no_cursors(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """One that many rows are read through outlives a transaction, and the pooler's patience."""
    if not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = stands_before(connection)


def stands_before(connection: BaseDatabaseWrapper) -> bool:
    """PostgreSQL tells a connection which of its processes serves it; a pooler can only invent."""
    if connection.vendor != "postgresql":
        return False
    connection.ensure_connection()
    # Past whatever looks at statements.
    raw: Any = connection.connection
    with raw.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return bool(cursor.fetchone()[0] != raw.info.backend_pid)
