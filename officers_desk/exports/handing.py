"""Handing a file over: once, to whoever asked for it, and gone when it was sent."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone, translation

from accounts.models import User
from campaigns.tables.streamed import workbook
from campaigns.tables.writing import csv_text
from officers_desk.exports import files
from officers_desk.exports.purposes import PURPOSES
from officers_desk.models import Export
from security import audit

ASKED_AT_ONCE = 5_000


def take(export: Export, by: User) -> bool:
    """Whether it is theirs to have now; from then on it is nobody's again."""
    with transaction.atomic():
        theirs = Export.objects.to_hand_over().of(by).filter(pk=export.pk)
        is_theirs = bool(theirs.update(state=Export.State.HANDED, handed_at=timezone.now()))
        if is_theirs:
            audit.record("export.handed", by, [export.pk], export.reason)
    return is_theirs


def sent(export: Export, is_workbook: bool) -> Iterator[bytes]:
    """The file, row by row as it goes out. However that ends, nothing of it stays."""
    try:
        if is_workbook:
            yield from workbook(table(export))
        else:
            yield from (text.encode() for text in csv_text(table(export)))
    finally:
        files.delete(export)


def table(export: Export) -> Iterator[list[str]]:
    with translation.override(export.language):
        header = [str(column.label) for column in PURPOSES[export.purpose].columns]
    yield header
    for part in range(export.parts):
        yield from still_agreed(export, files.read(export, part))


def still_agreed(export: Export, rows: Iterable[files.Row]) -> Iterator[list[str]]:
    """Without those who took it back, were erased or hid their name since it was made."""
    agreed = PURPOSES[export.purpose].rows(export.petition)
    found = iter(rows)
    while some := list(islice(found, ASKED_AT_ONCE)):
        keys = agreed.filter(pk__in=[key for key, _cells in some]).values_list("pk", flat=True)
        known = {str(key) for key in keys}
        yield from (cells for key, cells in some if key in known)
