"""No way in stores a secret, and what is stored stays where it belongs."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.storage.handler import StorageHandler
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from PIL import Image as Picture
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import CollectionViewRestriction

from accounts.roles import EDITORS
from campaigns.models import CampaignPage
from cms.settings import base
from library.files import private_storage
from library.models import Document, Image, Rendition
from library.sizes import SIZES
from staff.assigning import EVERYWHERE
from staff.assigning import assign as assign_role
from tests.library.conftest import contents
from tests.library.dirty_pdfs import KINDS_OF_PDF, pdf
from tests.library.dirty_pdfs import reveals as pdf_reveals
from tests.library.dirty_pictures import CASES, SECRET, dirty, drawing, encoded, exif, name, reveals
from tests.library.ways import (
    AJAX,
    DOCUMENTS,
    IMAGES,
    choose,
    collection,
    create,
    made_document,
    replace,
    upload,
)
from tests.support.editor import publish
from tests.support.factories import make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_storages")]
# As the site's templates ask, and in every other format that a template could.
SHOWN = [f"width-{width}|format-{kind}" for width in (800, 1000) for kind in ("webp", "jpeg")]
SHOWN += [f"width-30|format-{kind}" for kind in ("avif", "png", "gif")] + [
    "max-165x165",
    "original",
]


def stored() -> dict[str, bytes]:
    return {**contents(default_storage), **contents(private_storage())}


@pytest.mark.parametrize("way", IMAGES)
@pytest.mark.parametrize(("image_format", "kind"), [("JPEG", "position"), ("PNG", "zTXt")])
def test_no_way_in_stores_a_secret_of_a_picture(
    client: Client, way: str, image_format: str, kind: str
) -> None:
    IMAGES[way](client, name(image_format), dirty(image_format, kind))
    for image in Image.objects.all():
        client.get(f"/admin/images/{image.pk}/")
        client.get("/admin/images/")
        image.get_renditions(*SHOWN)
    files = stored()
    assert len(files) > (0 if way == "several unfinished" else len(SHOWN))
    assert [file for file, content in files.items() if reveals(content) or SECRET in file] == []


@pytest.mark.parametrize(("image_format", "kind"), CASES)
def test_no_picture_in_any_size_or_format_tells_a_secret(image_format: str, kind: str) -> None:
    content = dirty(image_format, kind)
    image = Image.objects.create(title="A", file=ContentFile(content, name(image_format)))
    renditions = image.get_renditions(*SHOWN)
    assert len(stored()) == 1 + len(SHOWN)
    assert not [file for file, found in stored().items() if reveals(found) or SECRET in file]
    for rendition in renditions.values():
        with rendition.file.open() as file:
            left = Picture.open(BytesIO(file.read()))
        assert not left.getexif()
        assert not {"comment", "xmp", "exif", "photoshop"} & left.info.keys()


@pytest.mark.parametrize("way", DOCUMENTS)
def test_no_way_in_stores_a_secret_of_a_document(client: Client, way: str) -> None:
    DOCUMENTS[way](client, f"{SECRET}.pdf", KINDS_OF_PDF["author"]())
    files = stored()
    assert files
    assert [file for file, content in files.items() if pdf_reveals(content) or SECRET in file] == []


@pytest.mark.parametrize("way", IMAGES)
def test_what_is_known_of_an_image_is_true_of_what_is_stored(client: Client, way: str) -> None:
    turned = encoded(drawing(size=(40, 64)), "JPEG", exif=exif(orientation=6))
    IMAGES[way](client, "turned.jpg", turned)
    for image in Image.objects.all():
        image = Image.objects.get(pk=image.pk)
        assert (image.width, image.height) == (64, 40)
        with image.open_file() as file:
            content = file.read()
        assert image.get_file_size() == len(content)
        before = image.get_file_hash()
        image._set_file_hash()
        assert image.file_hash == before


REFUSED = {
    "images": (IMAGES, [("x.jpg", b"no picture"), ("x.png", encoded(drawing(), "PNG")[:90])]),
    "documents": (DOCUMENTS, [("x.pdf", b"no document"), ("x.pdf", b"%PDF-1.7 broken")]),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("number", [0, 1])
def test_code_cannot_store_what_cannot_be_cleaned(kind: str, number: int) -> None:
    found, files = REFUSED[kind]
    for way in ("create", "assign", "save file", "create many"):
        with pytest.raises(ValidationError, match="cannot be read"):
            found[way](Client(), *files[number])
    assert stored() == {}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("number", [0, 1])
def test_a_form_says_in_one_sentence_why_it_refuses(client: Client, kind: str, number: int) -> None:
    file = upload(*REFUSED[kind][1][number])
    fields = {"title": "A title", "file": file, "collection": collection()}
    form = client.post(f"/admin/{kind}/add/", fields).context["form"]
    [message] = form.errors["file"]
    assert message.startswith("This file cannot be read as a")
    assert message.count(".") == 1
    file.seek(0)
    response = client.post(
        f"/admin/{kind}/multiple/add/", {"files[]": file, "collection": collection()}, headers=AJAX
    )
    assert response.json() == {"success": False, "error_message": message}
    assert stored() == {}


@pytest.mark.parametrize("model", [Image, Document])
def test_code_cannot_store_what_is_too_big(
    model: type[AbstractImage | AbstractDocument], settings: Settings
) -> None:
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 10
    with pytest.raises(ValidationError, match="too big"):
        create(model)(Client(), "x.png", encoded(drawing(), "PNG"))


@pytest.mark.parametrize("filename", ["x.svg", "x.svgz", "x.bmp", "x.tiff", "x.heic", "x.html"])
def test_other_formats_are_off(client: Client, filename: str) -> None:
    fields = {"files[]": upload(filename, b"<svg xmlns='http://www.w3.org/2000/svg'/>")}
    response = client.post("/admin/images/multiple/add/", fields, headers=AJAX)
    assert not response.json()["success"]
    assert stored() == {}


def test_names_tell_nothing_and_differ_from_upload_to_upload() -> None:
    content = encoded(drawing(), "JPEG")
    names: list[str] = []
    for _twice in range(2):
        image = Image.objects.create(title="Bucha", file=ContentFile(content, "bucha.jpg"))
        names += [
            image.file.name,
            *(each.file.name for each in image.get_renditions(*SHOWN).values()),
        ]
        document = Document.objects.create(title="Bucha", file=ContentFile(pdf(), "bucha.pdf"))
        names.append(str(document.file.name))
    words = [each.split("/")[-1] for each in names]
    assert all(re.fullmatch(r"[0-9a-f]{32}\.[a-z]{3,4}", word) for word in words)
    assert len({word.split(".")[0] for word in words}) == len(words)


def test_originals_and_documents_lie_where_no_address_leads(settings: Settings) -> None:
    image = Image.objects.create(title="A", file=ContentFile(encoded(drawing(), "JPEG"), "a.jpg"))
    image.get_renditions(*SHOWN)
    document = made_document()
    public, private = contents(default_storage), contents(private_storage())
    whole = [private[str(image.file.name)], private[str(document.file.name)]]
    assert not [file for file, content in public.items() if content in whole]
    original = image.get_rendition("original")
    assert {image.file.name, document.file.name, original.file.name} == set(private)
    assert len(public) == len(SHOWN) - 1
    visitor = Client()
    for file in private:
        assert visitor.get(f"{settings.MEDIA_URL}{file}").status_code == 404
    for address in (image.file.url, original.url, original.full_url):
        assert visitor.get(address).status_code == 302
        assert "/admin/login/" in visitor.get(address).headers["Location"]
    for rendition in Rendition.objects.exclude(filter_spec="original"):
        assert rendition.url == settings.MEDIA_URL + rendition.file.name


def test_a_rendition_from_the_cache_knows_where_it_lies() -> None:
    image = Image.objects.create(title="A", file=ContentFile(encoded(drawing(), "JPEG"), "a.jpg"))
    for spec in ("original", "width-30"):
        image.get_rendition(spec)
        again = Image.objects.get().get_rendition(spec)
        assert again.file.storage.exists(again.file.name)


def test_who_may_change_an_image_sees_it_whole(client: Client) -> None:
    image = Image.objects.create(title="A", file=ContentFile(encoded(drawing(), "PNG"), "a.png"))
    page = client.get(f"/admin/images/{image.pk}/")
    address = image.get_rendition("original").url
    assert address in page.text
    response = client.get(address)
    assert response["Content-Type"] == "image/png"
    seen = Picture.open(BytesIO(b"".join(response)))
    assert seen.convert("RGB").tobytes() == drawing().tobytes()


def no_path(_file: object) -> None:
    raise NotImplementedError


@pytest.mark.parametrize("kind", ["local", "remote"])
def test_a_document_is_saved_never_shown_and_asks_for_its_collection(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = Document._meta.get_field("file")
    monkeypatch.setattr(field, "storage", FileSystemStorage(tmp_path))
    if kind == "remote":
        monkeypatch.setattr(field.attr_class, "path", property(no_path))
    document = made_document()
    response = Client().get(document.url)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert b"".join(response).startswith(b"%PDF")
    CollectionViewRestriction.objects.create(
        collection_id=collection(), restriction_type=CollectionViewRestriction.LOGIN
    )
    assert Client().get(document.url).status_code == 302


@pytest.mark.parametrize("alias", ["default", "private"])
def test_a_deleted_files_storage_can_be_named_to_the_task_that_deletes_it(alias: str) -> None:
    storage: Any = StorageHandler(base.STORAGES)[alias]  # type: ignore[arg-type]
    path, arguments, options = json.loads(json.dumps(storage.deconstruct()))
    again = import_string(path)(*arguments, **options)
    assert again.path("x") == storage.path("x")


def test_replacing_takes_the_old_file_away(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        replace("images")(client, "x.png", encoded(drawing(), "PNG"))
        replace("documents")(client, "x.pdf", pdf())
    assert set(contents(private_storage())) == {
        Image.objects.get().file.name,
        Document.objects.get().file.name,
    }


def test_a_visitor_of_a_published_page_gets_pictures_that_tell_nothing(site: SmallSite) -> None:
    user = make_user("taras")
    assign_role(user, EDITORS, EVERYWHERE, publish=True)
    editor = logged_in(user)
    choose("images")(editor, name("JPEG"), dirty("JPEG", "position"))
    picture = {
        "image-image": Image.objects.get().pk,
        "image-alt_text": "A ruin",
        "image-decorative": "",
        "caption": "",
    }
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    publish(editor, page, body=[("picture", picture)])
    shown = BeautifulSoup(Client().get(page.url).text, "html.parser").select_one("main picture")
    assert shown is not None
    sizes = ",".join(str(each["srcset"]) for each in shown.select("source, img"))
    addresses = {each.split()[0] for each in sizes.split(",")}
    assert len(addresses) == len(SIZES)
    for address in addresses:
        with default_storage.open(address.removeprefix("/media/")) as file:
            content = file.read()
        assert not reveals(content)
        assert SECRET not in address
        assert content not in contents(private_storage()).values()


def test_nothing_serves_an_original_by_wagtails_own_way() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("wagtailimages_serve", args=["signature", 1, "original"])
