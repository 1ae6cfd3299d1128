"""Which records a statement is about, where that is beyond doubt.

A page may say which of the records that changes name it shows. It outlives the changes of all
others, as long as each statement names its rows by their keys. Any other is about everything.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db.models import Model

# A statement that names more rows is about everything.
MOST_ROWS = 10
INSERTED = re.compile(
    r'INSERT INTO "(?P<table>\w+)" \((?P<columns>"\w+"(?:, "\w+")*)\) '
    r'VALUES \(%s(?:, %s)*\)(?: RETURNING [\w".]+)?'
)
NAMED = re.compile(
    r'(?:UPDATE "(?P<updated>\w+)" SET .+|DELETE FROM "(?P<deleted>\w+)") '
    r'WHERE "(?P<table>\w+)"\."(?P<column>\w+)" (?:= |IN \()(?P<keys>%s(?:, %s)*)\)?',
    re.DOTALL,
)


class Owner(NamedTuple):
    """What each row of a table belongs to, and by which field."""

    model: type[Model]
    kind: str
    field: str

    def record(self, key: object) -> str:
        return f"{self.kind} {key}"


@cache
def owners() -> dict[str, Owner]:
    """By table."""
    found = {}
    for label, (kind, field) in settings.PAGECACHE["RECORDS"].items():
        model = apps.get_model(label)
        found[model._meta.db_table] = Owner(model, kind, field)
    return found


class Statement:
    """One that changes what pages show, looked at before it is executed and afterwards."""

    def __init__(self, sql: str, parameters: object, using: str) -> None:
        self.sql = sql
        self.parameters = parameters if isinstance(parameters, Sequence) else ()
        self.using = using
        self.before: set[str] | None = None

    def look(self) -> None:
        found = self.inserted()
        self.before = self.named() if found is None else found

    def records(self) -> set[str] | None:
        """Those that its rows belonged to, or belong to now; None where it is about everything."""
        if not self.before or self.inserted() is not None:
            return self.before or None
        after = self.named()
        return None if after is None else self.before | after

    def inserted(self) -> set[str] | None:
        """What one new row belongs to. A record that is new itself may be in any list."""
        found = INSERTED.fullmatch(self.sql)
        owner = owners().get(found["table"]) if found else None
        columns = found["columns"].replace('"', "").split(", ") if found else []
        if owner is None or owner.field in OWN or len(columns) != len(self.parameters):
            return None
        field: Any = owner.model._meta.get_field(owner.field)
        key = self.parameters[columns.index(field.column)]
        return {owner.record(field.target_field.to_python(key))}

    def named(self) -> set[str] | None:
        """What the rows belong to that an UPDATE or a DELETE names, as they are just now."""
        found = NAMED.fullmatch(self.sql)
        owner = owners().get(found["table"]) if found else None
        if not found or not owner or found["column"] != owner.model._meta.pk.column:
            return None
        number = found["keys"].count("%s")
        if number > MOST_ROWS or found["table"] not in (found["updated"], found["deleted"]):
            return None
        keys = self.parameters[-number:]
        rows = owner.model._base_manager.using(self.using).filter(pk__in=keys)
        belongs = set(rows.values_list(owner.field, flat=True))
        return None if None in belongs else {owner.record(key) for key in belongs}


# Rows that are records themselves, or belong to one by no column of theirs.
OWN = ("pk", "petitionpage__petition")
