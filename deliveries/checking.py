"""Whether a file is one that was handed over: it is hashed as it comes, and kept nowhere."""

import hashlib
from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import models
from django.http import HttpRequest

from campaigns.models import Delivery

FIELD = "file"
# As much as reaches the site at all: more than a pack of 100,000 names has.
MOST_BYTES = 20 * 2**20
HEAD_BYTES = 1024


class Verdict(models.TextChoices):
    SAME = "same"
    OTHER = "other"
    WRONG_TYPE = "wrong_type"
    TOO_LARGE = "too_large"
    NOTHING = "nothing"


class HashedFile(UploadedFile):
    """What is left of an upload: its name, its size, its first bytes and its SHA-256."""

    checksum = ""
    head = b""


class HashingHandler(FileUploadHandler):
    """Takes every part of an upload, and gives it to nobody else."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.hash, self.head = hashlib.sha256(), b""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.hash.update(raw_data)
        self.head += raw_data[: HEAD_BYTES - len(self.head)]

    def file_complete(self, file_size: int) -> HashedFile:
        found = HashedFile(BytesIO(), self.file_name, self.content_type, file_size)
        found.checksum, found.head = self.hash.hexdigest(), self.head
        return found


def check(request: HttpRequest, delivery: Delivery) -> tuple[Verdict, str]:
    """What is to be said of an upload, and the name by which the file was handed over.

    To be asked before anything else reads the form.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return Verdict.TOO_LARGE, ""
    request.upload_handlers = [HashingHandler(request)]
    file = request.FILES.get(FIELD)
    if not isinstance(file, HashedFile) or not file.size:
        return Verdict.NOTHING, ""
    if name := delivery.file_of(file.checksum):
        return Verdict.SAME, name
    return (Verdict.OTHER if could_be_ours(file) else Verdict.WRONG_TYPE), ""


def could_be_ours(file: HashedFile) -> bool:
    """A PDF, or a text, as a CSV file is one."""
    return b"%PDF-" in file.head or b"\0" not in file.head
