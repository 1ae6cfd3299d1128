"""The table of redirects that somebody imports, between the request that sends it and the next.

Wagtail keeps it in the temporary folder of the machine that took it; the next request may come to
another one.
"""

from contextlib import suppress
from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects import utils, views
from wagtail.contrib.redirects.tmp_storages import BaseStorage

from library.files import private_storage, random_name

IMPORTS = "imports"
# Whoever has not gone on by then will not.
KEPT_FOR = timedelta(days=1)


class ImportedTable(BaseStorage):
    """As Wagtail's import asks for it, in the private storage."""

    @property
    def path(self) -> str:
        return f"{IMPORTS}/{PurePosixPath(self.name).name}"

    def save(self, data: bytes, mode: str = "w") -> None:
        delete_old()
        self.name = random_name("")
        private_storage().save(self.path, ContentFile(data))

    def read(self, mode: str = "r") -> bytes:
        """Wagtail decodes what is text."""
        with private_storage().open(self.path) as file:
            content: bytes = file.read()
        return content

    def remove(self) -> None:
        private_storage().delete(self.path)


def delete_old() -> None:
    """What was sent and never imported."""
    storage, before = private_storage(), timezone.now() - KEPT_FOR
    # There is no folder yet, or somebody else was quicker.
    with suppress(FileNotFoundError):
        for name in storage.listdir(IMPORTS)[1]:
            if storage.get_modified_time(f"{IMPORTS}/{name}") < before:
                storage.delete(f"{IMPORTS}/{name}")


def imported_table() -> type[ImportedTable]:
    return ImportedTable


def register() -> None:
    """By its own setting Wagtail knows no other place than a cache."""
    utils.get_file_storage = views.get_file_storage = imported_table
