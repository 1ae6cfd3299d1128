"""Making backups. A folder in DIR is one: it is there whole, or not at all.

DIR/20261126T223000Z/ database, uploads, manifest: each sealed with `BACKUP_KEY`
DIR/erasures: what was erased lately, sealed too, written anew every few minutes

No key is ever among them.
"""

import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from operations import databases, replaying, uploads
from operations.models import Done
from security.models import UsedKey
from security.streams import OtherKeyError, Sealed, unsealed
from signatures.tasks import ERASED_KEPT

FORMAT = 1
STAMP = "%Y%m%dT%H%M%SZ"
FINISHED = re.compile(r"\d{8}T\d{6}Z")
MANIFEST, ERASURES = "manifest", "erasures"
# Laws and promises to signers allow no longer one.
LONGEST_KEPT = timedelta(days=35)


class BackupError(Exception):
    """In one sentence, why there is no backup, or why it is of no use."""


def key() -> bytes:
    if settings.BACKUP_KEY is None:
        raise BackupError(
            "BACKUP_KEY is not set: give it 32 random bytes in Base64, as "
            "`openssl rand -base64 32 | tr '+/' '-_'` prints them, and keep it where the backups "
            "are not."
        )
    return bytes(settings.BACKUP_KEY)


def make(folder: Path) -> Path:
    """Raises: BackupError, DatabaseError, SealError, OSError. Then there is no backup."""
    sealed_with, stamp = key(), datetime.now(UTC).strftime(STAMP)
    if databases.is_marked_unfinished():
        raise BackupError(
            "There is no backup, since this database holds a restore that was not finished."
        )
    if (folder / stamp).exists():
        raise BackupError(f"A backup of this second, {stamp}, is there already: try again.")
    unfinished = folder / f"unfinished-{stamp}"
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        manifest = _write_all(unfinished, sealed_with, stamp)
        with sealed(unfinished / MANIFEST, sealed_with, f"{stamp}/{MANIFEST}") as out:
            out.write(json.dumps(manifest).encode())
        unfinished.rename(folder / stamp)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    write_erasures(folder)
    Done.note(Done.BACKUP)
    return folder / stamp


def _write_all(folder: Path, sealed_with: bytes, stamp: str) -> dict[str, Any]:
    manifest: dict[str, Any] = {"format": FORMAT, "stamp": stamp, "parts": {}}
    with databases.snapshot() as write_out:
        manifest |= {
            "engine": connection.vendor,
            "engine_version": databases.version(),
            "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
            "rows": databases.count_rows(),
            # What tells before a restore whether the keys at hand are the right ones.
            "keys": dict(UsedKey.objects.values_list("id", "proof")),
        }
        with sealed(folder / "database", sealed_with, f"{stamp}/database") as out:
            write_out(out.write)
        manifest["parts"]["database"] = out.told
    # After the database, so that whatever it names is there.
    with sealed(folder / "uploads", sealed_with, f"{stamp}/uploads") as out:
        manifest["files"] = uploads.write_out(out)
    manifest["parts"]["uploads"] = out.told
    return manifest


class SealedPart(Sealed):
    told: dict[str, Any]


@contextmanager
def sealed(path: Path, sealed_with: bytes, name: str) -> Iterator[SealedPart]:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        out = SealedPart(file, sealed_with, name)
        yield out
        out.told = out.finish()
        file.flush()
        os.fsync(file.fileno())


def opened(file: BinaryIO, name: str) -> io.BufferedReader:
    """Raises: BackupError, SealError."""
    try:
        return unsealed(file, key(), name)
    except OtherKeyError:
        raise BackupError(
            f"{name} was sealed with another BACKUP_KEY: set the one of its time."
        ) from None


def write_erasures(folder: Path) -> int:
    """Writes the list anew, and returns how many acts are on it.

    It never loses any: a database that was just restored knows less than the list.
    """
    sealed_with, path = key(), folder / ERASURES
    since = (timezone.now() - ERASED_KEPT).isoformat()
    listed = [act for act in read_erasures(folder).acts if act.at > since] if path.exists() else []
    # By their ids; the one that is known already stays where it stands.
    acts = {act.id: act for act in [*listed, *replaying.all_entries()]}
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = folder / f"unfinished-{ERASURES}"
    with sealed(new, sealed_with, ERASURES) as out:
        out.write(_line({"at": timezone.now().isoformat()}))
        for act in acts.values():
            out.write(_line(asdict(act)))
    new.replace(path)
    Done.note(Done.ERASURES)
    return len(acts)


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode() + b"\n"


@dataclass(frozen=True)
class Listed:
    at: datetime
    acts: list[replaying.Entry]


def read_erasures(folder: Path) -> Listed:
    """Raises: BackupError, SealError."""
    try:
        with (folder / ERASURES).open("rb") as file:
            first, *rest = opened(file, ERASURES).read().splitlines()
    except FileNotFoundError:
        raise BackupError(
            f"The list of erasures is not in {folder}: put its newest copy there, or whoever was "
            "erased since the backup would be back."
        ) from None
    acts = [replaying.Entry(**json.loads(line)) for line in rest]
    return Listed(datetime.fromisoformat(json.loads(first)["at"]), acts)


def finished(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first."""
    return sorted(each for each in folder.glob("*Z") if FINISHED.fullmatch(each.name))


def made_at(backup: Path) -> datetime:
    return datetime.strptime(backup.name, STAMP).replace(tzinfo=UTC)


def delete_old(folder: Path, kept: timedelta) -> list[Path]:
    old = [each for each in finished(folder) if made_at(each) < datetime.now(UTC) - kept]
    for each in old:
        shutil.rmtree(each)
    return old


def read_manifest(backup: Path) -> dict[str, Any]:
    """Raises: BackupError, SealError."""
    name = f"{backup.name}/{MANIFEST}"
    try:
        with (backup / MANIFEST).open("rb") as file:
            manifest: dict[str, Any] = json.loads(opened(file, name).read())
    except FileNotFoundError:
        raise BackupError(f"{backup} is no backup: it has no manifest.") from None
    if manifest["format"] != FORMAT:
        raise BackupError(f"{backup} was made by a newer version: restore it with that one.")
    return manifest
