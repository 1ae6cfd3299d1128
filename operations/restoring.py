"""Putting a backup into an empty database, and taking out again whoever was erased since.

Everything is looked at before anything is changed; what can be wrong is told in one sentence. From
then on until the end a mark in the database keeps the site from starting on it.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedReader
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from operations import databases, replaying, uploads
from operations.backups import (
    BackupError,
    Listed,
    finished,
    made_at,
    opened,
    read_erasures,
    read_manifest,
)
from operations.models import Done
from operations.proving import prove
from pagecache import versions
from security import field_keys, rotation
from security.encryption import DecryptionError

BLOCK = 1024 * 1024
# A list is written beside each backup, some seconds later.
ABOUT_THEN = timedelta(minutes=1)


@dataclass(frozen=True)
class Restored:
    backup: Path
    rows: int
    files: int
    # Acts done anew, and when the list of them was written.
    erased: int
    listed_at: Any


def restore(folder: Path, told: Callable[[str], object]) -> Restored:
    """Restores the newest backup in a folder, or the one that the folder is.

    Raises: BackupError, SealError, DatabaseError, UploadError.
    """
    backup = chosen(folder)
    manifest, listed = read_manifest(backup), read_erasures(backup.parent)
    told(f"Looking through {backup.name}.")
    look_before(backup, manifest, listed)
    told("Restoring the database.")
    with part(backup, "database") as dump:
        databases.put_in(dump)
    # Whatever the process knew of another database.
    connections.close_all()
    if (rows := databases.count_rows()) != manifest["rows"]:
        wrong = sorted(t for t in rows | manifest["rows"] if rows.get(t) != manifest["rows"].get(t))
        raise BackupError(f"These tables do not have their rows: {', '.join(wrong)}.")
    told("Restoring the uploads.")
    with part(backup, "uploads") as tar:
        uploads.put_in(tar, manifest["files"])
    call_command("migrate", verbosity=0, interactive=False)
    read_one_of_each()
    told("Erasing again whoever was erased since.")
    erased = replaying.replay(listed.acts)
    told("Proving the totals.")
    for drift in prove():
        told(f"{drift} The total was put right.")
    Done.note(Done.RESTORE)
    # Of processes that served the site with the database as it was.
    versions.start_anew()
    databases.end_restore()
    return Restored(backup, sum(rows.values()), len(manifest["files"]), erased, listed.at)


def chosen(folder: Path) -> Path:
    if folder.joinpath("manifest").exists():
        return folder
    if not (found := finished(folder)):
        raise BackupError(f"There is no backup in {folder}.")
    return found[-1]


def look_before(backup: Path, manifest: dict[str, Any], listed: Listed) -> None:
    """All that can be known to be wrong before anything is changed."""
    databases.refuse_a_pooler()
    databases.refuse_unless_empty()
    if manifest["engine"] != connection.vendor:
        raise BackupError(
            f"This backup is of {manifest['engine']}, and DATABASE_URL names a database of "
            f"{connection.vendor}: name one of the backup's kind."
        )
    if manifest["engine_version"] > databases.version():
        raise BackupError(
            f"This backup is of PostgreSQL {manifest['engine_version']}, and the server is an "
            "older one: restore it into one of that version or later."
        )
    if told := field_keys.told_missing(manifest["keys"]):
        raise BackupError(told)
    known = set(MigrationLoader(None).disk_migrations)
    if unknown := [each for each in manifest["migrations"] if tuple(each) not in known]:
        raise BackupError(
            f"This backup was made by a newer version, which has {'.'.join(unknown[0])}: restore "
            "it with that one."
        )
    if listed.at < made_at(backup) - ABOUT_THEN:
        raise BackupError(
            f"The list of erasures in {backup.parent} is older than the backup: put its newest "
            "copy there."
        )
    for name, whole in manifest["parts"].items():
        if checksum_of(backup, name) != whole["sha256"]:
            raise BackupError(f"{backup.name}/{name} is not the one that the manifest tells of.")
    uploads.refuse_others(manifest["files"])


@contextmanager
def part(backup: Path, name: str) -> Iterator[BufferedReader]:
    try:
        with (backup / name).open("rb") as file:
            yield opened(file, f"{backup.name}/{name}")
    except FileNotFoundError:
        raise BackupError(f"{backup.name}/{name} is missing: take another copy of it.") from None


def checksum_of(backup: Path, name: str) -> str:
    found = hashlib.sha256()
    with part(backup, name) as whole:
        for block in iter(lambda: whole.read(BLOCK), b""):
            found.update(block)
    return found.hexdigest()


def read_one_of_each() -> None:
    """Raises: BackupError, where something cannot be read with the keys at hand."""
    for place in (each for each in rotation.places() if each.is_plain):
        try:
            place.model._base_manager.exclude(**{place.column: ""}).first()
        except DecryptionError:
            raise BackupError(f"{place.label} cannot be read with these FIELD_KEYS.") from None


def replay_alone(folder: Path) -> tuple[int, Listed]:
    """For a database that was brought back in another way, as from the server's own log."""
    listed = read_erasures(folder)
    return replaying.replay(listed.acts), listed
