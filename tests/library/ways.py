"""Every way in which a file comes into the library: by the admin's forms and by code."""

from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Collection, UploadedFile

from library.models import Document, Image
from tests.library.dirty_pdfs import pdf
from tests.library.dirty_pictures import drawing, encoded

AJAX = {"x-requested-with": "XMLHttpRequest"}
Way = Callable[[Client, str, bytes], object]


def upload(filename: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(filename, content)


def collection() -> int:
    return int(Collection.objects.get(depth=1).pk)


def add(kind: str) -> Way:
    def way(client: Client, filename: str, content: bytes) -> None:
        fields = {"title": "A title", "file": upload(filename, content), "collection": collection()}
        response = client.post(f"/admin/{kind}/add/", fields)
        assert response.status_code == 302, response.text

    return way


def choose(kind: str) -> Way:
    def way(client: Client, filename: str, content: bytes) -> None:
        prefix = f"{kind.removesuffix('s')}-chooser-upload-"
        fields = {
            f"{prefix}title": "A title",
            f"{prefix}file": upload(filename, content),
            f"{prefix}collection": collection(),
        }
        response = client.post(f"/admin/{kind}/chooser/create/", fields)
        assert response.json()["step"].endswith("chosen"), response.text

    return way


def several(kind: str) -> Way:
    def way(client: Client, filename: str, content: bytes) -> None:
        fields = {"files[]": upload(filename, content), "collection": collection()}
        response = client.post(f"/admin/{kind}/multiple/add/", fields, headers=AJAX)
        assert response.json()["success"], response.text

    return way


def several_unfinished(kind: str) -> Way:
    """Where a form lacks something, Wagtail keeps the file beside it."""

    def way(client: Client, filename: str, content: bytes) -> None:
        fields = {"files[]": upload(filename, content), "collection": collection(), "title": ""}
        fields["title"] = "far too long " * 30
        response = client.post(f"/admin/{kind}/multiple/add/", fields, headers=AJAX)
        assert response.json()["success"], response.text
        assert UploadedFile.objects.get().file.name

    return way


def several_finished(kind: str) -> Way:
    def way(client: Client, filename: str, content: bytes) -> None:
        several_unfinished(kind)(client, filename, content)
        pk, one = UploadedFile.objects.get().pk, kind.removesuffix("s")
        prefix = f"uploaded-{one}-{pk}-"
        response = client.post(
            f"/admin/{kind}/multiple/create_from_uploaded_{one}/{pk}/",
            {f"{prefix}title": "A title", f"{prefix}collection": collection()},
            headers=AJAX,
        )
        assert response.json()["success"], response.text
        assert not UploadedFile.objects.exists()

    return way


def replace(kind: str) -> Way:
    def way(client: Client, filename: str, content: bytes) -> None:
        if kind == "images":
            old = Image.objects.create(
                title="Old", file=ContentFile(encoded(drawing(), "PNG"), "x.png")
            )
            address = f"/admin/images/{old.pk}/"
        else:
            address = f"/admin/documents/edit/{made_document().pk}/"
        fields = {"title": "New", "file": upload(filename, content), "collection": collection()}
        response = client.post(address, fields)
        assert response.status_code == 302, response.text

    return way


def made_document() -> Document:
    document: Document = Document.objects.create(title="Old", file=ContentFile(pdf(), "x.pdf"))
    return document


def create(model: type[AbstractImage | AbstractDocument]) -> Way:
    return lambda _client, filename, content: model.objects.create(
        title="A title", file=ContentFile(content, filename)
    )


def assign(model: type[AbstractImage | AbstractDocument]) -> Way:
    def way(_client: Client, filename: str, content: bytes) -> None:
        thing = model(title="A title")
        thing.file = upload(filename, content)
        thing.save()

    return way


def save_file(model: type[AbstractImage | AbstractDocument]) -> Way:
    def way(_client: Client, filename: str, content: bytes) -> None:
        model(title="A title").file.save(filename, BytesFile(content), save=True)

    return way


class BytesFile(ContentFile):
    """Any file of Django's."""


def create_many(model: type[AbstractImage | AbstractDocument]) -> Way:
    def way(_client: Client, filename: str, content: bytes) -> None:
        model.objects.bulk_create(
            [
                model(
                    title="A title", file=ContentFile(content, filename), collection_id=collection()
                )
            ]
        )

    return way


def ways(kind: str, model: type[AbstractImage | AbstractDocument]) -> dict[str, Way]:
    return {
        "add": add(kind),
        "choose": choose(kind),
        "several": several(kind),
        "several unfinished": several_unfinished(kind),
        "several finished": several_finished(kind),
        "replace": replace(kind),
        "create": create(model),
        "assign": assign(model),
        "save file": save_file(model),
        "create many": create_many(model),
    }


IMAGES = ways("images", Image)
DOCUMENTS = ways("documents", Document)
