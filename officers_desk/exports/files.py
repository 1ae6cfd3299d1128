"""The files of an export: in the private storage, each encrypted, at no address."""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from officers_desk.models import KEPT_FOR, Export
from security import audit
from security.models import GRANT_WITHIN
from security.streams import Sealed, unsealed

FOLDER = "exports"
# A download that takes longer was broken off.
MOST_TIME = timedelta(hours=2)
Row = tuple[str, list[str]]


def storage() -> Storage:
    return storages["private"]


def path(export: Export, part: int) -> str:
    return f"{FOLDER}/{export.pk}/{part}"


def write(export: Export, part: int, rows: Iterable[Row]) -> None:
    """Writes a part anew, whatever a worker that died has left of it."""
    file = io.BytesIO()
    sealed = Sealed(file, bytes.fromhex(export.key), path(export, part))
    for row in rows:
        sealed.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    sealed.finish()
    storage().delete(path(export, part))
    storage().save(path(export, part), ContentFile(file.getvalue()))


def read(export: Export, part: int) -> Iterator[Row]:
    """Raises: SealError, where the file was changed."""
    name = path(export, part)
    with storage().open(name) as file:
        for line in unsealed(cast("BinaryIO", file), bytes.fromhex(export.key), name):
            key, cells = json.loads(line)
            yield key, cells


def delete(export: Export) -> None:
    """First the key, without which the files are noise, then the files."""
    with transaction.atomic():
        if not Export.objects.filter(pk=export.pk).exclude(key="").update(key=""):
            return
        audit.record("export.deleted", rows=[export.pk])
    # One more than is known of: a worker may have died between a file and its row.
    for part in range(export.parts + 1):
        storage().delete(path(export, part))


def delete_old() -> int:
    """What was ready for a day, what is long since handed over, and what nobody has granted."""
    now = timezone.now()
    states = Export.State
    ready = Q(state=states.READY, ready_at__lte=now - KEPT_FOR)
    # Given up by the worker, or for somebody who is not there.
    stuck = Q(state=states.MAKING, asked_at__lte=now - GRANT_WITHIN - KEPT_FOR)
    handed = Q(state=states.HANDED, handed_at__lte=now - MOST_TIME)
    old = list(Export.objects.filter(ready | stuck | handed).exclude(key=""))
    Export.objects.filter(ready | stuck).update(state=states.GONE)
    for export in old:
        delete(export)
    Export.objects.filter(state=states.WAITING, asked_at__lte=now - GRANT_WITHIN).delete()
    return len(old)
