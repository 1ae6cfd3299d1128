"""Cleans what was stored before the library cleaned it, or past it: from a backup, by hand.

A file that was cleaned has a random name in the right storage, so work that was interrupted goes
on where it stopped, and work that is done is not done again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.db.models import QuerySet
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import UploadedFile

from library.fields import shows_original
from library.files import has_random_name, private_storage
from library.models import Document, Image, Rendition

# Where Wagtail keeps files unless it is told otherwise. Nothing else is stored there.
WAGTAIL_FOLDERS = ("original_images", "documents", "images", "wagtail_uploads")


@dataclass
class Report:
    cleaned: int = 0
    deleted: int = 0
    failed: list[str] = field(default_factory=list)


Progress = Callable[[str], None]


def clean_uploads(progress: Progress) -> Report:
    """`progress` is told each thing that is looked at."""
    report = Report()
    for model in (Image, Document):
        for thing in model.objects.order_by("pk").iterator():
            progress(f"{model._meta.verbose_name} {thing.pk}")
            _clean(thing, report)
    for upload in UploadedFile.objects.exclude(file="").order_by("pk").iterator():
        progress(f"upload {upload.pk}")
        if not _is_clean(upload.file.name):
            # Half of a form that nobody finished; its file can be uploaded again.
            _delete(upload.file.name, report)
            upload.delete()
    progress("renditions")
    _delete_renditions(Rendition.objects.all(), report)
    progress("files that nothing names")
    _delete_leftovers(report)
    return report


def _is_clean(name: str) -> bool:
    return has_random_name(name) and private_storage().exists(name)


def _clean(thing: AbstractImage | AbstractDocument, report: Report) -> None:
    old_name = thing.file.name
    if _is_clean(old_name):
        return
    storage = _storage_of(old_name)
    if storage is None:
        report.failed.append(f"{thing} ({old_name}): the file is missing.")
        return
    try:
        with storage.open(old_name) as file:
            thing.file.save(old_name, File(file, name=old_name), save=False)
    except ValidationError as error:
        report.failed.append(f"{thing} ({old_name}): {error.messages[0]}")
        return
    fields = ["file", "file_size", "file_hash"]
    if isinstance(thing, Image):
        thing._set_image_file_metadata()
        fields += ["width", "height"]
    else:
        thing._set_document_file_metadata()
    thing.save(update_fields=fields)
    report.cleaned += 1
    if isinstance(thing, Image):
        # They were made of what was not clean.
        for rendition in thing.renditions.all():
            _delete_rendition(rendition, report)
    _delete(old_name, report)


def _storage_of(name: str) -> Storage | None:
    """Where a file lies: in public, as Wagtail would have put it, or already in private."""
    return next((each for each in (private_storage(), default_storage) if each.exists(name)), None)


def _delete(name: str, report: Report) -> None:
    for storage in (private_storage(), default_storage):
        if storage.exists(name):
            storage.delete(name)
            report.deleted += 1


def _delete_renditions(renditions: QuerySet[Rendition], report: Report) -> None:
    """Those named after their original, or lying in the wrong storage; pages make them anew."""
    for rendition in renditions.order_by("pk").iterator():
        in_public = not shows_original(rendition.filter_spec)
        storage = default_storage if in_public else private_storage()
        if not (has_random_name(rendition.file.name) and storage.exists(rendition.file.name)):
            _delete_rendition(rendition, report)


def _delete_rendition(rendition: Rendition, report: Report) -> None:
    _delete(rendition.file.name, report)
    rendition.purge_from_cache()
    Rendition.objects.filter(pk=rendition.pk).delete()


def _delete_leftovers(report: Report) -> None:
    """Files in public that no rendition names: originals of earlier days, and their like."""
    named = set(Rendition.objects.values_list("file", flat=True))
    # Those of files that could not be cleaned stay until a person has looked at them.
    named |= set(Image.objects.values_list("file", flat=True))
    named |= set(Document.objects.values_list("file", flat=True))
    for folder in WAGTAIL_FOLDERS:
        for name in list(_files(default_storage, folder)):
            if name not in named:
                default_storage.delete(name)
                report.deleted += 1


def _files(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for name in folders:
        yield from _files(storage, f"{folder}/{name}")
