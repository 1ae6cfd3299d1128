"""Encrypts anew, under the newest key, what is encrypted under an older one, while the site runs.

A row is read and written in one short transaction that holds it, so that nothing written meanwhile
is lost; a row that somebody else holds is left for another round. Killed half-way, it goes on from
where it was, since what is done no longer names an old key.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, cast

from django.apps import apps
from django.db import models, transaction
from django.db.models import Count, Field, Q, TextField, Value
from django.db.models.functions import Cast, StrIndex, Substr
from django.db.models.lookups import Exact, GreaterThan
from django.utils import timezone

from security import field_keys
from security.encryption import DecryptionError, EncryptedTextField, decrypt, encrypt
from security.models import UsedKey
from security.printable import Json

BATCH = 100
ROUNDS = 50
PAUSE_SECONDS = 0.2
# What was handed out, but is stored nowhere: a page that waits for its code lives so long.
HANDED_OUT = timedelta(days=7)

Anew = Callable[[str], str]


@dataclass(frozen=True)
class Place:
    """A column that holds what `encrypt` made, alone or within something else."""

    model: type[models.Model]
    column: str
    purpose: str
    # From the column's text, as the database has it, to what is to be stored: with every
    # ciphertext in it gone through the function that is given.
    rewritten: Callable[[str, Anew], Json] = lambda text, anew: anew(text)

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.column}"

    @property
    def is_plain(self) -> bool:
        """Whether the column holds a ciphertext alone, which then begins with its key's id."""
        return isinstance(self.model._meta.get_field(self.column), EncryptedTextField)

    def value(self, stored: Json) -> Value:
        field = self.model._meta.get_field(self.column)
        return Value(stored, output_field=TextField() if self.is_plain else cast(Field, field))


_registered: list[Place] = []


def register(place: Place) -> None:
    """For what is encrypted in a column of another kind than `EncryptedTextField`."""
    _registered.append(place)


def places() -> list[Place]:
    """Every column of every installed model, and what was registered."""
    found = [
        Place(model, field.attname, field.purpose)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField) and field.model is model
    ]
    return found + _registered


def key_of(ciphertext: str) -> str:
    return ciphertext.partition(".")[0]


def keys_in(place: Place) -> Counter[str]:
    """How many rows need which key."""
    rows = place.model._base_manager.annotate(raw=Cast(place.column, TextField())).exclude(raw="")
    if place.is_plain:
        end = StrIndex("raw", Value(".")) - 1
        counted = rows.annotate(its_key=Substr("raw", 1, end)).order_by().values_list("its_key")
        return Counter(dict(counted.annotate(Count("pk"))))
    found: Counter[str] = Counter()
    for raw in rows.values_list("raw", flat=True).iterator():
        found.update(_keys_of(place, raw))
    return found


def _keys_of(place: Place, raw: str) -> set[str]:
    keys = set()

    def look(ciphertext: str) -> str:
        keys.add(key_of(ciphertext))
        return ciphertext

    place.rewritten(raw, look)
    return keys


def needed() -> dict[str, Counter[str]]:
    """By place, how many rows need which key."""
    return {place.label: keys_in(place) for place in places()}


def rotate(told: Callable[[int], object]) -> int:
    """Returns how many rows are still under an old key, because others hold them all the time.

    `told` is given the number of rows that each step has done.

    Raises: DecryptionError, where a row needs a key that is not at hand.
    """
    tables = _tables()
    for _number in range(ROUNDS):
        for model, columns in tables.items():
            for done in _rotate_table(model, columns):
                told(done)
        if not (left := rows_left()):
            return 0
        time.sleep(PAUSE_SECONDS)
    return left


def _tables() -> dict[type[models.Model], list[Place]]:
    tables: dict[type[models.Model], list[Place]] = {}
    for place in places():
        tables.setdefault(place.model, []).append(place)
    return tables


def rows_left() -> int:
    """Rows with anything under another key than the newest."""
    return sum(_old(model, columns).count() for model, columns in _tables().items())


def _old(model: type[models.Model], columns: list[Place]) -> models.QuerySet[Any]:
    """The rows of a table to be encrypted anew, each column's text beside it."""
    raws = {f"raw_{place.column}": Cast(place.column, TextField()) for place in columns}
    new, is_old = f"{field_keys.newest()}.", Q()
    # Not by LIKE, to which SQLite's capital and small letters are the same.
    for place in columns:
        raw = f"raw_{place.column}"
        if place.is_plain:
            is_old |= ~Q(**{raw: ""}) & ~Q(Exact(Substr(raw, 1, len(new)), Value(new)))
        else:
            for key in UsedKey.objects.exclude(pk=field_keys.newest()):
                is_old |= Q(GreaterThan(StrIndex(raw, Value(f'"{key.id}.')), 0))
    rows = model._base_manager.annotate(**raws)
    return rows.filter(is_old) if is_old else rows.none()


def _rotate_table(model: type[models.Model], columns: list[Place]) -> Iterator[int]:
    """One round over a table, in the order of its keys."""
    last = None
    while True:
        rows = _old(model, columns).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        with transaction.atomic():
            # Whoever holds locks and never waits for one blocks nobody for good.
            held = list(
                rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).values_list(
                    "pk", *(f"raw_{place.column}" for place in columns)
                )[:BATCH]
            )
            for pk, *raws in held:
                _rewrite(model, pk, dict(zip(columns, raws, strict=True)))
        if not held:
            return
        last = held[-1][0]
        yield len(held)


def _rewrite(model: type[models.Model], pk: object, raws: dict[Place, str]) -> None:
    new = {
        place.column: place.value(place.rewritten(raw, partial(_anew, place)))
        for place, raw in raws.items()
        if raw
    }
    model._base_manager.filter(pk=pk).update(**new)


def _anew(place: Place, ciphertext: str) -> str:
    if key_of(ciphertext) == field_keys.newest():
        return ciphertext
    try:
        return encrypt(decrypt(ciphertext, place.purpose), place.purpose)
    except DecryptionError:
        raise DecryptionError(
            f"A row of {place.label} needs the key {key_of(ciphertext)}, which FIELD_KEYS does "
            "not hold: put it back, after the new one. Nothing was lost."
        ) from None


@dataclass(frozen=True)
class Retired:
    """A key that no longer encrypts: how many rows need it, and until when pages handed out may."""

    key: str
    rows: int
    until: Any

    @property
    def is_removable(self) -> bool:
        return not self.rows and self.until <= timezone.now()


def retired(counted: dict[str, Counter[str]]) -> list[Retired]:
    """Every key but the newest that is noted, or that a row needs."""
    newest = field_keys.newest()
    since = UsedKey.objects.filter(pk=newest).values_list("since", flat=True).first()
    rows = sum(counted.values(), Counter())
    noted = set(UsedKey.objects.values_list("id", flat=True))
    until = (since or timezone.now()) + HANDED_OUT
    return [Retired(key, rows[key], until) for key in sorted((noted | rows.keys()) - {newest})]


def strike_off(keys: list[Retired]) -> None:
    """Lets the site start without these keys."""
    UsedKey.objects.filter(pk__in=[each.key for each in keys if each.is_removable]).delete()
