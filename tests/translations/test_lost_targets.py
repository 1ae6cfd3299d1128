"""A picture, page, city or document that is deleted breaks no page that showed or named it."""

import html
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.blocks import Block, ChooserBlock, ListBlock, StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Revision
from wagtail_localize.models import OverridableSegment, SegmentOverride

from campaigns.checks import problems
from campaigns.models import CampaignPage, City
from campaigns.publishing.publish import publish_due, publish_newest
from home.models import ContentPage, HomePage
from library.models import Document
from tests.support.editor import publish_in_bulk
from tests.support.factories import evidence, publish, quote
from tests.support.snapshot import kept
from tests.support.translating import fill
from translations.gaps import translation_of
from translations.submission import submit, submit_everything


@pytest.fixture
@kept
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
        ("quote", {**quote("ENGLISH words"), "portrait": image}),
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


def chosen(block: Block, value: object) -> set[str]:
    """Those of them that hold something."""
    if isinstance(block, ChooserBlock | ImageBlock):
        return {block.name} if value else set()
    if isinstance(value, StreamValue):
        return set().union(*(chosen(each.block, each.value) for each in value))
    if isinstance(value, ListValue):
        return set().union(*(chosen(block.child_block, each) for each in value))
    fields = value.bound_blocks.values() if isinstance(value, StructValue) else ()
    return set().union(*(chosen(each.block, each.value) for each in fields))


def test_every_block_that_chooses_something_is_among_what_is_lost(
    pages: dict[str, CampaignPage],
) -> None:
    """Add a further one to the page above, and to what is deleted."""
    body = CampaignPage.objects.get(pk=pages["en"].pk).body
    assert chosen(body.stream_block, body) == choosers(body.stream_block)


@pytest.mark.parametrize("door", [draft_viewed, edited])
def test_the_source_survives_it_too(
    admin: Client, pages: dict[str, CampaignPage], door: Callable[[Client, CampaignPage], int]
) -> None:
    lose()
    page = CampaignPage.objects.get(pk=pages["en"].pk)
    assert door(admin, page) in (200, 302)
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
        shown = Client().get(pages["uk"].url).text
        assert "УКРАЇНСЬКЕ file" in shown
        assert "УКРАЇНСЬКЕ caption" not in shown, "a caption says nothing without its picture"


def test_the_editor_reads_that_a_picture_is_lost(
    admin: Client, pages: dict[str, CampaignPage]
) -> None:
    lose()
    page = CampaignPage.objects.get(pk=pages["en"].pk)
    assert "the image was deleted: choose another" in " ".join(
        problem.message for problem in problems(page) if not problem.is_severe
    )


def told_in_bulk(admin: Client, page: CampaignPage) -> str:
    return publish_in_bulk(admin, page).content.decode()


def told_by_the_api(admin: Client, page: CampaignPage) -> str:
    return admin.post(f"/admin/api/main/pages/{page.pk}/action/publish/").content.decode()


def told_by_the_schedule(admin: Client, page: CampaignPage) -> str:
    past = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=past)
    return " ".join(publish_due())


def told_by_our_own_publishing(admin: Client, page: CampaignPage) -> str:
    with pytest.raises(ValidationError) as caught:
        publish_newest(page)
    return " ".join(caught.value.messages)


def told_by_wagtails_own(admin: Client, page: CampaignPage) -> str:
    with pytest.raises(ValidationError) as caught:
        page.get_latest_revision().publish()
    return " ".join(caught.value.messages)


def told_when_the_time_is_set(admin: Client, page: CampaignPage) -> str:
    draft = page.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision(clean=False)
    page.refresh_from_db()
    return told_by_wagtails_own(admin, page)


WAYS = [
    told_in_bulk,
    told_by_the_api,
    told_by_the_schedule,
    told_by_our_own_publishing,
    told_by_wagtails_own,
    told_when_the_time_is_set,
]


def lose_the_picture(draft: CampaignPage) -> None:
    get_image_model().objects.all().delete()


def leave_a_heading_empty(draft: CampaignPage) -> None:
    draft.body[1].value["heading"] = ""


def leave_an_answer_out(draft: CampaignPage) -> None:
    draft.ask = ""


UNFIT: dict[Callable[[CampaignPage], None], str] = {
    lose_the_picture: "Block 3 (Image): Image: Image: This field is required.",
    leave_a_heading_empty: "Block 2 (Evidence): Heading: This field is required.",
    leave_an_answer_out: "Nobody can sign: say what a signer demands.",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("spoil", UNFIT)
def test_what_the_editor_refuses_no_other_way_publishes(
    admin: Client,
    pages: dict[str, CampaignPage],
    spoil: Callable[[CampaignPage], None],
    way: Callable[[Client, CampaignPage], str],
) -> None:
    draft = CampaignPage.objects.get(pk=pages["en"].pk)
    draft.lead = "ENGLISH new lead."
    spoil(draft)
    draft.save_revision(clean=False)
    page = CampaignPage.objects.get(pk=draft.pk)
    before = page.live_revision_id
    assert UNFIT[spoil] in html.unescape(way(admin, page))
    page = CampaignPage.objects.get(pk=draft.pk)
    assert page.live
    assert page.live_revision_id == before
    assert page.lead != "ENGLISH new lead."
