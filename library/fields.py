"""Fields whose files are cleaned however they come: by a form, by a command, by code.

A file is cleaned when it is assigned, so that its size, hash and measures are those of what is
stored, and where it is written, which no way in goes round.
"""

from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import models
from django.db.models import Model
from django.db.models.fields.files import (
    FieldFile,
    FileDescriptor,
    ImageFieldFile,
    ImageFileDescriptor,
)
from django.urls import reverse
from wagtail.images.models import AbstractImage, WagtailImageField, WagtailImageFieldFile

from library.cleaning import clean_document, clean_image, clean_scan
from library.files import Cleaner, private_storage, random_name


class _CleaningFile(FieldFile):
    field: Any

    def save(self, name: str | None, content: File, save: bool = True) -> None:
        cleaned = self.field.cleaner(content)
        super().save(random_name(PurePosixPath(cleaned.name).suffix), cleaned, save)


class _CleaningDescriptor(FileDescriptor):
    field: Any

    def __set__(self, instance: Model, value: object) -> None:
        if isinstance(value, File) and not isinstance(value, self.field.attr_class):
            try:
                value = self.field.cleaner(value)
            except ValidationError as error:
                raise ValidationError({self.field.name: error}) from error
        super().__set__(instance, value)


class OriginalFile(_CleaningFile, WagtailImageFieldFile):
    @property
    def url(self) -> str:
        return original_address(self.instance)


class ImageDescriptor(_CleaningDescriptor, ImageFileDescriptor):
    pass


class CleanImageField(WagtailImageField):
    attr_class = OriginalFile
    descriptor_class = ImageDescriptor
    cleaner: Cleaner = staticmethod(clean_image)


class DocumentFile(_CleaningFile):
    instance: Any

    @property
    def url(self) -> str:
        """The address that asks whether the collection is for everybody."""
        return str(self.instance.url)


class CleanDocumentField(models.FileField):
    attr_class = DocumentFile
    descriptor_class = _CleaningDescriptor
    cleaner: Cleaner = staticmethod(clean_document)


class ScanFile(_CleaningFile):
    """A letter as it came, which has an address only where a view gives it one."""


class CleanScanField(models.FileField):
    attr_class = ScanFile
    descriptor_class = _CleaningDescriptor
    cleaner: Cleaner = staticmethod(clean_scan)


class _PrivateFile(FieldFile):
    """Lies in the private storage, whatever its field says."""

    instance: Any

    @property
    def is_private(self) -> bool:
        return True

    @property
    def storage(self) -> Storage:
        return private_storage() if self.is_private else self._storage

    @storage.setter
    def storage(self, value: Storage) -> None:
        self._storage = value


class RenditionFile(_PrivateFile, WagtailImageFieldFile):
    @property
    def is_private(self) -> bool:
        """All are public but the whole original by another name."""
        return shows_original(self.instance.filter_spec)


class RenditionField(WagtailImageField):
    attr_class = RenditionFile


class AvatarFile(_CleaningFile, ImageFieldFile):
    """The portrait of somebody who works here: public, under a name that cannot be guessed."""


class UnfinishedUpload(_PrivateFile):
    """An upload of several files whose own form waits to be filled in."""

    def save(self, name: str | None, content: File, save: bool = True) -> None:
        model = self.instance.for_content_type.model_class()
        cleaned = model._meta.get_field("file").cleaner(content)
        super().save(random_name(PurePosixPath(cleaned.name).suffix), cleaned, save)


def original_address(image: AbstractImage) -> str:
    """Where those who may change an image see all of it."""
    return reverse("wagtailimages:preview", args=[image.pk, "original"])


def shows_original(filter_spec: str) -> bool:
    """Whether a rendition is all that was uploaded, as some of Wagtail's own pages ask for."""
    return "original" in filter_spec.split("|")
