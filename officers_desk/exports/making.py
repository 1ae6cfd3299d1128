"""Making a file in steps, each a part of it, so that a worker that dies loses one step."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django_tasks import task

from officers_desk.exports import files
from officers_desk.exports.purposes import PURPOSES
from officers_desk.models import Export
from security import audit
from signatures.models import Signature

# As much as is held in memory at once.
ROWS_A_STEP = 10_000


@task(priority=-10)
def make(export: str) -> None:
    """Makes one part, then lets others go first: mails wait for nothing of this."""
    if step(uuid.UUID(export)):
        make.enqueue(export=export)


def step(pk: uuid.UUID, size: int = ROWS_A_STEP) -> bool:
    """Makes the next part; whether there is more to do.

    The part is written before its row says so: done again after a crash, it is written again.
    """
    export = Export.objects.filter(pk=pk, state=Export.State.MAKING).first()
    if export is None:
        return False
    rows = PURPOSES[export.purpose].rows(export.petition)
    if export.rows_total is None:
        Export.objects.filter(pk=pk).update(rows_total=rows.count())
    # By the key alone, however many there are: no step looks again at what others have read. The
    # database is told how many are wanted, or it puts all that are left in order at every step.
    after = rows.filter(pk__gt=export.last_key) if export.last_key else rows
    found = list(after.order_by("pk")[:size])
    with translation.override(export.language):
        files.write(export, export.parts, (as_stored(export, row) for row in found))
    return noted(export, found, is_last=len(found) < size)


def as_stored(export: Export, row: Signature) -> files.Row:
    """A row as it is stored. Its key is there to ask again, when it is handed over."""
    return str(row.pk), [column.cell(row) for column in PURPOSES[export.purpose].columns]


def noted(export: Export, found: list[Signature], is_last: bool) -> bool:
    values: dict[str, Any] = {
        "parts": F("parts") + 1,
        "rows_done": F("rows_done") + len(found),
        "last_key": found[-1].pk if found else export.last_key,
    }
    if is_last:
        values |= {"state": Export.State.READY, "ready_at": timezone.now()}
    with transaction.atomic():
        ours = Export.objects.filter(pk=export.pk, state=Export.State.MAKING, parts=export.parts)
        is_ours = bool(ours.update(**values))
        if is_ours and is_last:
            audit.record("export.ready", rows=[export.pk])
    return is_ours and not is_last
