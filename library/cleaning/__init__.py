"""Takes out of a file what says where, when, by whom and with what it was made.

What cannot be cleaned is refused with a ValidationError of one sentence.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from library.cleaning.pdf import clean_pdf
from library.cleaning.pictures import clean_picture
from library.files import CleanedFile, random_name


def clean_image(file: File) -> CleanedFile:
    """Raises: ValidationError."""
    if isinstance(file, CleanedFile):
        return file
    content = _read(file, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
    cleaned, suffix = clean_picture(content, settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
    return CleanedFile(cleaned, random_name(suffix))


def clean_document(file: File) -> CleanedFile:
    """Raises: ValidationError."""
    if isinstance(file, CleanedFile):
        return file
    content = _read(file, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
    return CleanedFile(clean_pdf(content), random_name(".pdf"))


def _read(file: File, limit: int) -> bytes:
    if file.size > limit:
        raise ValidationError(
            _("This file is too big: it may have %(limit)s at most."),
            code="file_too_large",
            params={"limit": filesizeformat(limit)},
        )
    file.seek(0)
    content: bytes = file.read()
    return content
