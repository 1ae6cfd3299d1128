"""Pictures of pages are served wherever the site runs; documents and originals by their own door."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import Client, override_settings
from PIL import Image as Picture
from pytest_django import Settings
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction

from cms import urls
from cms.settings import environment
from cms.settings.environment import SettingError, media_storage
from library.buckets import OwnAddressStorage
from tests.cms.bucket import bucket
from tests.library.dirty_pdfs import pdf
from tests.support.production import PRODUCTION

ALL_THAT_A_PAGE_LOADS = """
import sys, django
from django.urls import get_resolver
django.setup()
assert get_resolver().url_patterns
print(*sorted({"boto3", "pikepdf", "typst"} & set(sys.modules)))
"""


def test_a_process_that_shows_pages_has_no_library_in_memory_that_only_uploads_need() -> None:
    """They take a tenth of it."""
    asked = [sys.executable, "-c", ALL_THAT_A_PAGE_LOADS]
    assert subprocess.check_output(asked, env=PRODUCTION, text=True).strip() == ""


@pytest.fixture(scope="module")
def production(django_db_setup: None) -> Iterator[None]:
    """The addresses of a real site, which are not all those of the demo.

    The database is connected to before: it would be marked as a real site's.
    """
    with override_settings(DEMO=False, ROOT_URLCONF="cms.urls"):
        yield


@pytest.fixture(params=["folder", "bucket"])
def kept(
    request: pytest.FixtureRequest,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Callable[[], list[str]]]:
    """Files lie where a real site's do, by `MEDIA_STORAGE`. Asked, it names them all."""
    # It knows the files of renditions.
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "var/media"
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    with bucket() as (endpoint, files):
        if request.param == "bucket":
            monkeypatch.setenv("MEDIA_STORAGE", f"s3://uploads/site?region=eu&endpoint={endpoint}")
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
            # Checksums are S3's own matter.
            monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
        own = {"default": environment.media_storage(), "private": environment.private_storage()}
        # Not by STORAGES: the fields would have other storages than the tests after this one.
        for name, configured in own.items():
            monkeypatch.setitem(
                vars(storages)["_storages"], name, storages.create_storage(configured)
            )
        monkeypatch.setattr(default_storage, "_wrapped", storages["default"])
        for model in (get_image_model(), get_document_model()):
            monkeypatch.setattr(model._meta.get_field("file"), "storage", storages["private"])
        if request.param == "bucket":
            yield lambda: sorted(files)
        else:
            yield lambda: sorted(map(str, tmp_path.rglob("*.*")))


@pytest.mark.django_db
def test_a_picture_is_served_and_may_be_kept(
    production: None, kept: Callable[[], list[str]]
) -> None:
    image = get_image_model().objects.create(title="I", file=get_test_image_file())
    address = image.get_rendition("width-100|format-webp").url
    assert address.startswith("/media/images/")
    response = Client().get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    assert Picture.open(BytesIO(response.getvalue())).width == 100
    # Both lie where they should: the original is not served.
    assert ["/private/" in name for name in kept()] == [False, True]
    assert Client().get("/dev/mail/").status_code == 404, "these are a real site's addresses"


@pytest.mark.django_db
def test_nothing_else_of_the_uploads_is(production: None, kept: Callable[[], list[str]]) -> None:
    image = get_image_model().objects.create(title="I", file=get_test_image_file())
    document = make_document()
    default_storage.save("images/page.html", ContentFile(b"<script>"))
    names = [image.file.name, document.file.name, "images/page.html", "images/none.png"]
    names += [f"private/{name}" for name in (image.file.name, document.file.name)]
    names += ["images/../documents/x.pdf", "images/%2e%2e/x.png", "images/"]
    for name in names:
        assert Client().get(f"/media/{name}").status_code == 404, name


@pytest.mark.django_db
def test_a_document_asks_who_may_read_its_collection(
    production: None, kept: Callable[[], list[str]]
) -> None:
    document = make_document("minutes.pdf")
    assert Client().get(document.url).status_code == 200
    private = Collection.objects.get(depth=1).add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    document.collection = private
    document.save()
    assert Client().get(document.url).status_code == 302
    assert Client().get(f"/media/{document.file.name}").status_code == 404


def make_document(name: str = "document.pdf") -> AbstractDocument:
    file = ContentFile(pdf(), name)
    return get_document_model().objects.create(title="D", file=file)


def test_uploads_are_kept_in_a_folder_or_in_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    assert media_storage()["BACKEND"].endswith("FileSystemStorage")
    monkeypatch.setenv("MEDIA_STORAGE", "s3://uploads/site?region=eu&endpoint=https://s3.example")
    config = media_storage()
    assert config["OPTIONS"]["bucket_name"] == "uploads"
    assert config["OPTIONS"]["location"] == "site"
    storage = OwnAddressStorage(**config["OPTIONS"])
    assert storage.url("images/a b.webp") == "/media/images/a%20b.webp"


@pytest.mark.parametrize("address", ["ftp://x", "s3:///", "bucket", "s3://b?acl=public"])
def test_another_address_is_refused_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("MEDIA_STORAGE", address)
    with pytest.raises(SettingError, match="MEDIA_STORAGE must name a bucket"):
        media_storage()


@pytest.mark.django_db
def test_a_probe_may_ask_by_any_address() -> None:
    for path in ("/healthz", "/readyz"):
        response = Client().get(path, headers={"host": "10.1.2.3:8000"})
        assert response.status_code == 200
    assert Client().get("/en/", headers={"host": "10.1.2.3:8000"}).status_code == 400


def test_whether_subdomains_speak_https_is_the_operators_choice() -> None:
    base = (Path(urls.__file__).parent / "settings" / "base.py").read_text()
    assert 'env.bool("HSTS_SUBDOMAINS", default=False)' in base
