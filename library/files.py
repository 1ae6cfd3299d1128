"""How files of the library are stored: cleaned, under a name that says nothing."""

import re
import secrets
from collections.abc import Callable
from pathlib import PurePosixPath

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

PRIVATE = "private"
# 128 bits, so that nobody finds a file by trying names.
RANDOM_NAME = re.compile(r"[0-9a-f]{32}\.[a-z]{3,4}")


class CleanedFile(ContentFile):
    """What may be stored."""


Cleaner = Callable[[File], CleanedFile]


def private_storage() -> Storage:
    """Where the files lie that no address gives out without asking who is there."""
    return storages[PRIVATE]


def random_name(suffix: str) -> str:
    return secrets.token_hex(16) + suffix


def has_random_name(name: str) -> bool:
    """Whether a file was stored by us: only what was cleaned is given such a name."""
    return RANDOM_NAME.fullmatch(PurePosixPath(name).name) is not None
