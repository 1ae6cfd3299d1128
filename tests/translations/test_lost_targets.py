"""A picture, page, city or document that is deleted breaks no page that showed or named it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.blocks import Block, ChooserBlock, ListBlock, StreamBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale
from wagtail_localize.models import OverridableSegment, SegmentOverride

from campaigns.checks import problems
from campaigns.models import CampaignPage, City
from home.models import ContentPage, HomePage
from library.models import Document
from tests.support.editor import publish_in_bulk
from tests.support.factories import evidence, publish
from tests.translations.test_publishing import admin, fill
from translations.gaps import translation_of
from translations.submission import submit, submit_everything

__all__ = ["admin"]


@pytest.fixture
def pages(site: dict[str, Any]) -> dict[str, CampaignPage]:
    """A campaign with a picture, and a claim with a city and a picture, translated."""
    image = get_image_model().objects.create(title="Image", file=get_test_image_file())
    city = City.objects.create(key="lost", region="Oregon", country="US")
    english = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    image.contextual_alt_text, image.decorative = "ENGLISH alt", False
    about = ContentPage(title="ENGLISH about", slug="lost", locale=english.locale)
    HomePage.objects.get(pk=site["home"]["en"].pk).add_child(instance=about)
    call = {"heading": "ENGLISH call", "text": "", "button": "ENGLISH go", "page": about}
    claim = {**evidence("ENGLISH claim", ""), "image": image, "city": city}
    document = Document.objects.create(title="Document", file="document.pdf")
    links = f'<a linktype="document" id="{document.pk}">ENGLISH file</a>'
    links += f' <a linktype="page" id="{about.pk}">ENGLISH way</a>'
    english.body = [
        ("text", f"<p>ENGLISH one. {links}</p>"),
        ("evidence", claim),
        ("picture", {"image": image, "caption": "ENGLISH caption"}),
        ("call_to_action", call),
    ]
    publish(english)
    ukrainian = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    submit(english, ukrainian.locale)
    fill(ukrainian)
    return {"en": english, "uk": ukrainian}


def lose() -> None:
    get_image_model().objects.all().delete()
    City.objects.filter(key="lost").delete()
    ContentPage.objects.get(slug="lost").delete()
    Document.objects.all().delete()


def override(page: CampaignPage) -> None:
    """Another picture and another page for this language, which are lost as well."""
    translation = translation_of(page)
    assert translation
    for segment in OverridableSegment.objects.filter(source=translation.source):
        SegmentOverride.objects.create(
            locale=page.locale, context=segment.context, data_json=json.dumps(99_999)
        )


def published_by_editor(admin: Client, page: CampaignPage) -> int:
    return admin.post(f"/admin/pages/{page.pk}/edit/", {"action": "publish"}).status_code


def published_in_bulk(admin: Client, page: CampaignPage) -> int:
    return publish_in_bulk(admin, page).status_code


def previewed(admin: Client, page: CampaignPage) -> int:
    translation = translation_of(page)
    assert translation
    return admin.get(f"/admin/localize/translate/{translation.pk}/preview/").status_code


def draft_viewed(admin: Client, page: CampaignPage) -> int:
    page.save_revision()
    return admin.get(f"/admin/pages/{page.pk}/view_draft/").status_code


def translated_further(admin: Client, page: CampaignPage) -> int:
    pages, _names = submit_everything(Locale.objects.create(language_code="pl"))
    return 200 if pages else 0


def edited(admin: Client, page: CampaignPage) -> int:
    return admin.get(f"/admin/pages/{page.pk}/edit/").status_code


DOORS = [
    published_by_editor,
    published_in_bulk,
    previewed,
    draft_viewed,
    translated_further,
    edited,
]


def choosers(block: Block) -> set[str]:
    """The names of the blocks inside a block that choose a record, a picture or a file."""
    if isinstance(block, ChooserBlock | ImageBlock):
        return {block.name}
    inner = [*getattr(block, "child_blocks", {}).values()]
    if isinstance(block, ListBlock):
        inner.append(block.child_block)
    return set().union(*map(choosers, inner))


def chosen(block: Block, value: Any) -> set[str]:
    """Those of them that hold something."""
    if isinstance(block, ChooserBlock | ImageBlock):
        return {block.name} if value else set()
    if isinstance(block, StreamBlock):
        return set().union(*(chosen(each.block, each.value) for each in value))
    if isinstance(block, ListBlock):
        return set().union(*(chosen(block.child_block, each) for each in value))
    pairs = [(each, value[name]) for name, each in getattr(block, "child_blocks", {}).items()]
    return set().union(*(chosen(each, inner) for each, inner in pairs))


def test_every_block_that_chooses_something_is_among_what_is_lost(
    pages: dict[str, CampaignPage],
) -> None:
    """Add a further one to the page above, and to what is deleted."""
    body = CampaignPage.objects.get(pk=pages["en"].pk).body
    assert chosen(body.stream_block, body) == choosers(body.stream_block)


@pytest.mark.parametrize("door", [published_in_bulk, draft_viewed, edited])
def test_the_source_survives_it_too(
    admin: Client, pages: dict[str, CampaignPage], door: Callable[[Client, CampaignPage], int]
) -> None:
    lose()
    page = CampaignPage.objects.get(pk=pages["en"].pk)
    assert door(admin, page) in (200, 302)
    assert Client().get(page.url).status_code == 200
    if door is published_in_bulk:
        page.refresh_from_db()
        assert not page.has_unpublished_changes
        assert "ENGLISH file" in Client().get(page.url).text


@pytest.mark.parametrize("is_overridden", [False, True])
@pytest.mark.parametrize("door", DOORS)
def test_what_is_deleted_breaks_no_door(
    admin: Client,
    pages: dict[str, CampaignPage],
    door: Callable[[Client, CampaignPage], int],
    is_overridden: bool,
) -> None:
    if is_overridden:
        override(pages["uk"])
    lose()
    assert door(admin, pages["uk"]) in (200, 302)
    for page in pages.values():
        assert Client().get(page.url).status_code == 200
        assert edited(admin, page) == 200
    if door in DOORS[:2]:
        html = Client().get(pages["uk"].url).text
        assert "УКРАЇНСЬКЕ file" in html
        assert "УКРАЇНСЬКЕ caption" not in html, "a caption says nothing without its picture"


def test_the_editor_reads_that_a_picture_is_lost(
    admin: Client, pages: dict[str, CampaignPage]
) -> None:
    lose()
    page = CampaignPage.objects.get(pk=pages["en"].pk)
    assert "the image was deleted: choose another" in " ".join(
        problem.message for problem in problems(page) if not problem.is_severe
    )
    assert publish(page).live
