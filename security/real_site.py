"""Keeps the demo's settings away from a real site's database.

Whoever runs under production settings leaves a row in the database; whoever opens that database
under other settings is stopped before the first statement. The question stands where connections
are made, so that no command, server or worker has a way round it.
"""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils import timezone

HOW = "set DJANGO_SETTINGS_MODULE=cms.settings.production"


def watch() -> None:
    connection_created.connect(look, dispatch_uid="security.real_site")
    post_migrate.connect(mark_after_migrating, dispatch_uid="security.real_site")


def look(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Marks the database as a real site's, or refuses to work on one.

    Raises:
        SystemExit: the settings are the demo's and the database is a real site's.
    """
    if connection.alias != "default":
        return
    marked = is_marked(connection)
    if settings.DEMO and marked:
        # Whoever catches this finds no connection to go on with.
        connection.close()
        raise SystemExit(
            "This database is a real site's, and the demo's settings do not work on it: "
            f"{HOW}, or name another database in DATABASE_URL."
        )
    if not settings.DEMO and marked is False:
        mark(connection)


def is_marked(connection: BaseDatabaseWrapper) -> bool | None:
    """None where the table is still to be made."""
    # By the driver itself: Django's cursor would count among the queries of a page.
    with_table = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'security_realsite'",
        "postgresql": "SELECT count(to_regclass('security_realsite'))",
    }[connection.vendor]
    if not _number(connection, with_table):
        return None
    return bool(_number(connection, "SELECT count(*) FROM security_realsite"))


def _number(connection: BaseDatabaseWrapper, sql: str) -> int:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
    finally:
        cursor.close()


def mark(connection: BaseDatabaseWrapper) -> None:
    from security.models import RealSite

    row = RealSite(since=timezone.now())
    RealSite.objects.using(connection.alias).bulk_create([row], ignore_conflicts=True)


def mark_after_migrating(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """The first migration has made the table on a connection that was open before."""
    if sender.name == "security" and using == "default" and not settings.DEMO:
        from django.db import connections

        mark(connections[using])
