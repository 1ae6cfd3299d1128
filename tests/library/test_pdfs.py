"""What is left of a PDF: its pages, and nothing that tells of its maker."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from pikepdf import Array, Dictionary, Name, Pdf, Permissions, String
from PIL import Image

from library.cleaning.jpeg import strip_jpeg
from library.cleaning.pdf import clean_pdf
from tests.library.dirty_pdfs import KINDS_OF_PDF, TEXT, page, pdf, reveals, root, set_in
from tests.library.dirty_pictures import BYTES, KINDS, drawing, encoded

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("kind", KINDS_OF_PDF)
def test_nothing_but_the_pages_is_left(kind: str) -> None:
    content = KINDS_OF_PDF[kind]()
    assert reveals(content), "the test's own file carries the secret"
    cleaned = clean_pdf(content)
    assert not reveals(cleaned)
    with pikepdf.open(BytesIO(cleaned)) as document:
        assert document.check_pdf_syntax() == []
        [left] = document.pages
        assert TEXT in b"".join(stream.read_bytes() for stream in _contents(left))
        links = [note for note in left.obj.Annots if "/A" in note]
        assert {str(link.A.URI) for link in links} == {"https://example.org"}
        assert "/Info" not in document.trailer


def _contents(left: pikepdf.Page) -> list[Any]:
    contents = left.obj.Contents
    return list(contents) if isinstance(contents, Array) else [contents]


@pytest.mark.parametrize("kind", KINDS["JPEG"])
def test_a_photograph_within_keeps_each_pixel(kind: str) -> None:
    content = KINDS["JPEG"][kind]()
    stripped = strip_jpeg(content)
    assert BYTES not in stripped
    before, after = (Image.open(BytesIO(each)).convert("RGB") for each in (content, stripped))
    assert before.tobytes() == after.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}])
def test_a_photograph_of_any_kind_keeps_each_pixel(mode: str, options: dict[str, Any]) -> None:
    content = encoded(drawing(mode), "JPEG", comment=BYTES, **options)
    stripped = strip_jpeg(content)
    before, after = (Image.open(BytesIO(each)) for each in (content, stripped))
    assert (before.mode, before.tobytes()) == (after.mode, after.tobytes())


@pytest.mark.parametrize("content", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8ab"])
def test_a_photograph_cut_off_ends_or_is_refused(content: bytes) -> None:
    with suppress(ValueError):
        assert strip_jpeg(content) == b"\xff\xd8\xff\xd9"


def locked(user: str) -> bytes:
    allowed = Permissions(extract=False)
    return pdf(encryption=pikepdf.Encryption(owner="b", user=user, allow=allowed))


def signed(document: Pdf) -> None:
    signature = Dictionary(Type=Name.Sig, Contents=String(""), ByteRange=Array([0, 1, 2, 3]))
    document.Root.AcroForm = Dictionary(
        Fields=Array([Dictionary(FT=Name.Sig, V=document.make_indirect(signature))])
    )


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "needs a password": (lambda: locked("a"), "is encrypted"),
    "may not be copied from": (lambda: locked(""), "is encrypted"),
    "signed": (lambda: pdf(signed), "is signed"),
    "empty": (lambda: b"", "cannot be read"),
    "another thing": (lambda: b"PK\x03\x04" + b"\0" * 100, "cannot be read"),
    "only a beginning": (lambda: pdf()[:40], "cannot be read"),
    "without pages": (lambda: without_pages(), "cannot be read"),
    "a broken photograph": (
        lambda: KINDS_OF_PDF["photograph"]().replace(b"\xff\xd8", b"\0\0"),
        "cannot be read",
    ),
}


def without_pages() -> bytes:
    out = BytesIO()
    pikepdf.Pdf.new().save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_cleaned_is_refused_in_a_sentence(kind: str) -> None:
    make, reason = REFUSED[kind]
    with pytest.raises(ValidationError) as error:
        clean_pdf(make())
    [message] = error.value.messages
    assert message.startswith("This")
    assert reason in message
    assert message.endswith(".")


def test_the_same_pages_make_the_same_file() -> None:
    assert clean_pdf(KINDS_OF_PDF["author"]()) == clean_pdf(KINDS_OF_PDF["producer"]())


def test_names_of_a_documents_parts_do_not_confuse() -> None:
    """A loop of objects ends, and a page's own keys are not another's."""
    content = pdf(set_in(root, Loop=Array([Dictionary(Self=Name.X)])), set_in(page, UserUnit=2))
    with pikepdf.open(BytesIO(clean_pdf(content))) as document:
        assert document.pages[0].obj.UserUnit == 2
