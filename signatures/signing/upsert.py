"""A row that is stored or found, in one statement."""

import uuid
from functools import cache

from django.db import connection, models


def keep(row: models.Model, *, unique: tuple[str, ...], where: str = "") -> uuid.UUID:
    """Stores a row, unless one stands in its place already; returns the key of what stands there.

    That one is left as it is, but held until the transaction ends, so that nobody deletes it.
    Django's own `bulk_create` tells of no key that it found, which takes another question.

    Args:
        unique: the columns of the constraint that decides.
        where: its condition, where it has one, as the constraint's SQL says it.
    """
    model = type(row)
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in model._meta.concrete_fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, unique, where), values)
        (key,) = cursor.fetchone()
    # SQLite has no type for it.
    return key if isinstance(key, uuid.UUID) else uuid.UUID(key)


KEEP = """
    INSERT INTO {table} ({columns}) VALUES ({values})
    ON CONFLICT ({place}) {where} DO UPDATE SET {first} = excluded.{first}
    RETURNING {key}
"""


@cache
def _statement(model: type[models.Model], unique: tuple[str, ...], where: str) -> str:
    meta, quoted = model._meta, connection.ops.quote_name
    place = [quoted(column) for column in unique]
    return KEEP.format(
        table=quoted(meta.db_table),
        columns=", ".join(quoted(str(field.column)) for field in meta.concrete_fields),
        values=", ".join("%s" for _field in meta.concrete_fields),
        place=", ".join(place),
        first=place[0],
        where=f"WHERE {where}" if where else "",
        key=quoted(str(meta.pk.column)),
    )
