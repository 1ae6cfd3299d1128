"""Takes out of a file what says where, when, by whom and with what it was made.

What cannot be cleaned is refused with a ValidationError of one sentence.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

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
    # It takes some megabytes, and most processes never see a document.
    from library.cleaning.pdf import clean_pdf

    content = _read(file, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
    return CleanedFile(clean_pdf(content), random_name(".pdf"))


def clean_scan(file: File) -> CleanedFile:
    """A PDF or a picture. Raises: ValidationError."""
    if isinstance(file, CleanedFile):
        return file
    file.seek(0)
    # A PDF may have some bytes before its head (ISO 32000-1, annex H).
    if b"%PDF-" in file.read(1024):
        return clean_document(file)
    try:
        return clean_image(file)
    except ValidationError as error:
        if error.code != "invalid_image":
            raise
        raise ValidationError(
            _("This file can be read neither as a PDF nor as a picture."), code="invalid_scan"
        ) from error


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
