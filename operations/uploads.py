"""The files of the library, wherever they are kept, as a row of them for a backup."""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from deliveries.packs import files as packs
from library.imported import IMPORTS
from officers_desk.exports.files import FOLDER

STORAGES = ("default", "private")
# What is handed over once, and gone after a day, outlives neither in a backup.
LEFT_OUT = {("private", FOLDER), ("private", packs.FOLDER), ("private", IMPORTS)}


class UploadError(Exception):
    """In one sentence, why files cannot be put in."""


def names() -> Iterator[tuple[str, str]]:
    """Every file, by the storage and its name there."""
    for alias in STORAGES:
        without = {_within(alias), *(folder for each, folder in LEFT_OUT if each == alias)}
        yield from ((alias, name) for name in _walk(storages[alias], "", without))


def _within(alias: str) -> str:
    """The folder in which the other storage lies, where both share a bucket."""
    here, other = (
        str(getattr(storages[each], "location", "")) for each in (alias, *set(STORAGES) - {alias})
    )
    inside = other.removeprefix(here).strip("/") if other.startswith(here) else ""
    return inside if here != other else ""


def _walk(storage: Storage, folder: str, without: set[str]) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield str(PurePosixPath(folder) / name)
    for name in sorted(folders):
        inner = str(PurePosixPath(folder) / name)
        if inner not in without:
            yield from _walk(storage, inner, without)


def write_out(file: io.RawIOBase) -> dict[str, str]:
    """Writes all of them as a tar file, and returns their checksums."""
    checksums = {}
    with tarfile.open(fileobj=file, mode="w|") as tar:
        for alias, name in names():
            try:
                with storages[alias].open(name) as upload:
                    content = upload.read()
            except FileNotFoundError:
                # Deleted meanwhile.
                continue
            entry = tarfile.TarInfo(f"{alias}/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
            checksums[entry.name] = hashlib.sha256(content).hexdigest()
    return checksums


def refuse_others(checksums: dict[str, str]) -> None:
    """Raises: UploadError, where other files have the names of those to be put in."""
    for path, checksum in checksums.items():
        if (there := _checksum(path)) and there != checksum:
            raise UploadError(
                f"The file {path} is there with other content, and a restore writes over nothing: "
                "empty the folders of uploads, or name an empty bucket."
            )


def _checksum(path: str) -> str:
    alias, _, name = path.partition("/")
    if not storages[alias].exists(name):
        return ""
    with storages[alias].open(name) as upload:
        return hashlib.sha256(upload.read()).hexdigest()


def put_in(file: BinaryIO, checksums: dict[str, str]) -> None:
    """Those that are not there already, and looks whether all are there then.

    Raises: UploadError.
    """
    with tarfile.open(fileobj=file, mode="r|") as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            alias, _, name = entry.name.partition("/")
            if content is not None and alias in STORAGES and not storages[alias].exists(name):
                storages[alias].save(name, ContentFile(content.read()))
    wrong = [path for path, checksum in checksums.items() if _checksum(path) != checksum]
    if wrong:
        raise UploadError(f"{len(wrong)} files are not as they were, the first is {wrong[0]}.")
