"""A letter comes as a PDF or as a picture; either is cleaned, and nothing else is taken."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from library.cleaning import clean_scan
from tests.library.dirty_pdfs import pdf
from tests.library.dirty_pictures import BYTES, drawing, encoded, exif


def test_a_pdf_is_known_by_what_it_holds_whatever_its_name() -> None:
    dirty = pdf(lambda made: made.docinfo.__setitem__("/Author", BYTES.decode()))
    for content in (dirty, b"\n" + dirty):
        cleaned = clean_scan(ContentFile(content, "letter.jpg"))
        assert str(cleaned.name).endswith(".pdf")
        assert BYTES not in cleaned.read()


def test_a_picture_is_painted_anew() -> None:
    dirty = encoded(drawing(), "JPEG", exif=exif())
    assert BYTES in dirty
    cleaned = clean_scan(ContentFile(dirty, "letter.pdf"))
    assert str(cleaned.name).endswith(".jpg")
    assert BYTES not in cleaned.read()


@pytest.mark.parametrize("content", [b"", b"MZ\0\0", b"<svg onload=alert(1)></svg>", b"Dear all"])
def test_what_is_neither_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_scan(ContentFile(content, "letter.pdf"))
    assert refused.value.messages == ["This file can be read neither as a PDF nor as a picture."]
