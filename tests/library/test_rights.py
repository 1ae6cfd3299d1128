"""Whose a picture or document is: asked for by every form, shown below a picture, or kept."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.blocks import StructBlock
from wagtail.documents.forms import get_document_form, get_document_multi_form
from wagtail.images.blocks import ImageBlock
from wagtail.images.forms import get_image_form, get_image_multi_form

from campaigns.blocks.content import CampaignBlocks
from library.models import Document, Image
from library.rights import FIELDS, License, credit_languages, lacking
from tests.library.dirty_pdfs import pdf
from tests.library.dirty_pictures import drawing, encoded
from tests.library.images import made_image
from tests.library.ways import AJAX, collection, made_document, upload
from tests.support.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_storages")]

FORMS = {
    "image": get_image_form(Image),
    "images": get_image_multi_form(Image),
    "document": get_document_form(Document),
    "documents": get_document_multi_form(Document),
}
SECRET = "Olena, by email on 4 June 2022"
PICTURED = {
    name: block
    for name, block in CampaignBlocks().child_blocks.items()
    if isinstance(block, StructBlock)
    and any(isinstance(child, ImageBlock) for child in block.child_blocks.values())
}


@pytest.mark.parametrize("kind", FORMS)
def test_every_form_asks_for_the_rights_in_one_order(kind: str) -> None:
    names = [name for name in FORMS[kind].base_fields if name in FIELDS]
    assert names == list(FIELDS)
    assert "permission" in FORMS[kind].base_fields
    assert list(FORMS[kind].base_fields).index("credit") < list(FORMS[kind].base_fields).index(
        "tags"
    )


def ways_in(client: Client, kind: str, rights: dict[str, str]) -> dict[str, Any]:
    """The errors of each form that was sent with these rights, by the form's kind."""
    content = encoded(drawing(), "PNG") if kind == "images" else pdf()
    name = "x.png" if kind == "images" else "x.pdf"
    one = kind.removesuffix("s")
    old = made_image() if kind == "images" else made_document()
    edit = f"/admin/images/{old.pk}/" if kind == "images" else f"/admin/documents/edit/{old.pk}/"
    fields = {"title": "A title", "collection": collection(), **rights}
    chooser = {
        f"{one}-chooser-upload-{key}": value
        for key, value in {**fields, "file": upload(name, content)}.items()
    }
    prefix = "doc" if kind == "documents" else one
    several = {f"{prefix}-{old.pk}-{key}": value for key, value in fields.items()}
    added = client.post(f"/admin/{kind}/add/", {**fields, "file": upload(name, content)})
    edited = client.post(edit, fields)
    chosen = client.post(f"/admin/{kind}/chooser/create/", chooser)
    bulk = client.post(f"/admin/{kind}/multiple/{old.pk}/", several, headers=AJAX)
    return {
        "add": added.context["form"].errors,
        "edit": edited.context["form"].errors,
        "chooser": BeautifulSoup(chosen.json()["htmlFragment"], "html.parser").get_text(),
        "bulk": BeautifulSoup(bulk.json()["form"], "html.parser").get_text(),
    }


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_every_way_in_refuses_a_license_without_the_credit_it_demands(
    client: Client, kind: str
) -> None:
    models: dict[str, Any] = {"images": Image, "documents": Document}
    before = models[kind].objects.count()
    rights = {"license": License.CC_BY_SA_4, "permission": SECRET, "credit": "  "}
    answers = ways_in(client, kind, rights)
    sentence = "Say who made it: this license demands that they are named."
    assert answers["add"] == answers["edit"] == {"credit": [sentence]}
    assert sentence in answers["chooser"]
    assert sentence in answers["bulk"]
    assert models[kind].objects.count() == before + 1


@pytest.mark.parametrize("terms", License)
def test_each_license_demands_what_it_must_and_no_more(terms: License) -> None:
    nothing = {"license": str(terms), "credit": "", "permission": ""}
    told = dict(lacking(nothing))
    assert ("credit" in told) == ("BY" in terms.label or terms == License.PERMISSION)
    assert ("permission" in told) == (terms == License.PERMISSION)
    assert not dict(lacking({**nothing, "credit": "Olena", "permission": SECRET}))
    assert bool(terms.address) == terms.label.startswith("CC")


@pytest.mark.parametrize("kind", ["image", "document"])
def test_a_form_of_some_fields_knows_the_others_from_what_is_stored(kind: str) -> None:
    make, factory = {
        "image": (made_image, get_image_form),
        "document": (made_document, get_document_form),
    }[kind]
    thing: Any = make()
    thing.license = License.CC_BY_4
    thing.save()
    user = make_user("taras", is_superuser=True)
    # As Wagtail's API changes one field of many.
    form = factory(type(thing), fields=["title"])({"title": "New"}, instance=thing, user=user)
    assert not form.is_valid()
    assert "__all__" in form.errors
    thing.credit = "Olena"
    form = factory(type(thing), fields=["title"])({"title": "New"}, instance=thing, user=user)
    assert "__all__" not in form.errors


def rendered(name: str, image: Image) -> str:
    block = PICTURED[name]
    picture = {"image": image.pk, "alt_text": "A river", "decorative": False}
    empty: dict[str, Any] = {"what_happened": "", "sources": [], "corrections": []}
    return str(block.render(block.to_python({**empty, "image": picture})))


@pytest.mark.parametrize("name", PICTURED)
@pytest.mark.parametrize("page_language", ["en", "uk"])
def test_a_credit_stands_below_every_picture(name: str, page_language: str) -> None:
    image = made_image(credit="Olena <Koval>", credit_language="en", permission=SECRET)
    for terms in License:
        Image.objects.filter(pk=image.pk).update(license=terms)
        with translation.override(page_language):
            html, label = rendered(name, image), str(terms.label)
        shown = BeautifulSoup(html, "html.parser").select_one("figure picture + figcaption .credit")
        assert shown is not None
        assert "Olena <Koval>" in shown.get_text()
        marked = [each["lang"] for each in shown.select("[lang]")]
        assert marked == ([] if page_language == "en" else ["en"])
        assert (label in shown.get_text()) == (terms != License.OWN_WORK)
        assert [each["href"] for each in shown("a")] == [terms.address] * bool(terms.address)
        assert SECRET not in html


@pytest.mark.parametrize("name", PICTURED)
def test_a_picture_without_credit_has_no_empty_line(name: str) -> None:
    html = rendered(name, made_image())
    assert "<figure" in html
    assert "figcaption" not in html


def test_what_is_to_be_seen_is_offered_and_never_the_name_of_a_file(client: Client) -> None:
    for description in ("", "A river"):
        image = made_image(description=description)
        answer = client.get(reverse("wagtailimages_chooser:chosen", args=[image.pk])).json()
        assert answer["result"]["default_alt_text"] == description


def test_the_sites_languages_come_first() -> None:
    codes = [code for code, _name in credit_languages()]
    assert codes[:2] == ["en", "uk"]
    assert len(codes) == len(set(codes))
    assert "pl" in codes
