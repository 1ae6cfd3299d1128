"""The small campaign, built once and then copied into each test's own transaction.

Building it anew goes through publishing and translating and takes ten times as long.
"""

from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection
from wagtail.models import Page, Site

from tests.support import database, factories

Rows = dict[str, list[tuple[Any, ...]]]
Keys = dict[str, dict[str, int]]

# What differs from the tables as migrations leave them, and where the pages are in it.
taken: tuple[Rows, Keys] | None = None
# The database whose sequences are beyond the rows that are put into it.
counted_on = 0


def make_site() -> dict[str, Any]:
    global taken
    if taken is not None:
        return restore(*taken)
    before = rows()
    site = factories.make_site()
    changed = {table: found for table, found in rows().items() if found != before[table]}
    taken = (
        changed,
        {
            name: {language: page.pk for language, page in pages.items()}
            for name, pages in site.items()
        },
    )
    return site


def rows() -> Rows:
    """All that the tables hold. A full-text index follows its table by itself."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.django_table_names(only_existing=True)):
            if not table.endswith("_fts"):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
                found[table] = cursor.fetchall()
    return found


def count_on(cursor: Any, changed: Rows) -> None:
    """Lets new rows come after those that were put in with their own keys.

    Once for each copy of the database: no transaction takes back what a sequence has given.
    """
    global counted_on
    if counted_on != database.copies:
        models = [
            model
            for model in apps.get_models(include_auto_created=True)
            if model._meta.db_table in changed
        ]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        counted_on = database.copies


def restore(changed: Rows, keys: Keys) -> dict[str, Any]:
    cache.clear()
    Site.clear_site_root_paths_cache()
    with connection.cursor() as cursor:
        for table, found in changed.items():
            name = connection.ops.quote_name(table)
            cursor.execute(f"DELETE FROM {name}")
            if found:
                values = ", ".join(["%s"] * len(found[0]))
                cursor.executemany(f"INSERT INTO {name} VALUES ({values})", found)
        count_on(cursor, changed)
    pages = (
        Page.objects.specific()
        .select_related("locale")
        .in_bulk([key for each in keys.values() for key in each.values()])
    )
    return {
        name: {language: pages[key] for language, key in each.items()}
        for name, each in keys.items()
    }
