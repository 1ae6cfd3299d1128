"""What was stored uncleaned is cleaned once, and no copy of it is left anywhere."""

from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.core.management import CommandError, call_command
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import UploadedFile

from library import recleaning
from library.files import private_storage
from library.models import Document, Image, Rendition
from tests.library.conftest import contents
from tests.library.dirty_pdfs import KINDS_OF_PDF, pdf
from tests.library.dirty_pdfs import reveals as pdf_reveals
from tests.library.dirty_pictures import dirty, drawing, encoded, exif, reveals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_storages")]
STORAGES = {"public": lambda: default_storage, "private": private_storage}


def run() -> str:
    out = StringIO()
    call_command("clean_uploads", stdout=out)
    return out.getvalue()


def plant(
    thing: AbstractImage | AbstractDocument, name: str, content: bytes, storage: Storage
) -> None:
    """Puts a file behind a record as if nobody had cleaned it."""
    storage.save(name, ContentFile(content))
    type(thing).objects.filter(pk=thing.pk).update(file=name)


def image() -> Image:
    made: Image = Image.objects.create(
        title="A", file=ContentFile(encoded(drawing(), "JPEG"), "a.jpg")
    )
    return made


def document() -> Document:
    made: Document = Document.objects.create(title="A", file=ContentFile(pdf(), "a.pdf"))
    return made


def stored() -> dict[str, bytes]:
    return {**contents(default_storage), **contents(private_storage())}


@pytest.mark.parametrize("place", STORAGES)
def test_images_documents_renditions_and_uploads_are_cleaned(place: str) -> None:
    storage = STORAGES[place]()
    picture, paper = image(), document()
    old = [picture.file.name, paper.file.name]
    picture.get_renditions("width-30", "max-165x165", "original")
    turned = encoded(drawing(size=(40, 64)), "JPEG", exif=exif(orientation=6))
    plant(picture, "original_images/bucha.jpg", turned, storage)
    plant(paper, "documents/report.pdf", KINDS_OF_PDF["author"](), storage)
    rendition = Rendition.objects.get(filter_spec="width-30")
    plant(rendition, "images/bucha.width-30.jpg", dirty("JPEG", "position"), default_storage)
    upload = UploadedFile.objects.create()
    plant(upload, "wagtail_uploads/bucha.jpg", dirty("JPEG", "position"), storage)
    default_storage.save("original_images/forgotten.jpg", ContentFile(dirty("JPEG", "xmp")))
    for name in old:
        private_storage().delete(name)

    assert run().startswith("Cleaned: 2.")

    picture.refresh_from_db()
    assert (picture.width, picture.height) == (64, 40)
    assert set(stored()) == {picture.file.name, Document.objects.get().file.name}
    assert contents(default_storage) == {}
    assert not any(reveals(content) for content in stored().values())
    assert not pdf_reveals(stored()[str(Document.objects.get().file.name)])
    assert not Rendition.objects.exists()
    assert not UploadedFile.objects.exists()
    assert picture.get_rendition("width-30").file.size


def test_doing_it_again_changes_nothing() -> None:
    picture = image()
    plant(picture, "original_images/a.jpg", dirty("JPEG", "position"), default_storage)
    document()
    run()
    Image.objects.get().get_renditions("width-30", "original")
    before = stored()
    assert run() == "Cleaned: 0. Old files deleted: 0.\n"
    assert stored() == before
    assert Rendition.objects.count() == 2


def test_it_goes_on_where_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [image() for _number in range(3)]
    for number, picture in enumerate(pictures):
        name = f"original_images/{number}.jpg"
        plant(picture, name, dirty("JPEG", "position"), default_storage)

    def stop(what: str) -> None:
        if what.endswith(str(pictures[1].pk)):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recleaning.clean_uploads(stop)
    assert run().startswith("Cleaned: 2.")
    assert not any(reveals(content) for content in stored().values())


def test_what_cannot_be_cleaned_is_named_and_the_rest_is_done() -> None:
    broken, lost, fine = document(), image(), image()
    plant(broken, "documents/broken.pdf", b"no document", default_storage)
    Image.objects.filter(pk=lost.pk).update(file="original_images/lost.jpg")
    plant(fine, "original_images/fine.jpg", dirty("JPEG", "position"), default_storage)
    out = StringIO()
    with pytest.raises(CommandError, match="Replace or delete"):
        call_command("clean_uploads", stdout=out)
    assert "Cleaned: 1." in out.getvalue()
    assert "A (documents/broken.pdf): This file cannot be read as a PDF." in out.getvalue()
    assert "A (original_images/lost.jpg): the file is missing." in out.getvalue()
    assert list(contents(default_storage)) == ["documents/broken.pdf"]
