"""Whatever an editor pastes, by whatever way, feeds and spreadsheets go on working."""

import uuid
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from wagtail import blocks
from wagtail.blocks import Block
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation

from campaigns.models import CampaignPage, City, CityName, Petition, TieEvent, UpdatePage
from campaigns.pages.base import PublicPageMixin
from launches.columns import COLUMNS
from launches.csv_file import parse
from security.printable import LINE_ENDS, Json, Printable, printable, printable_line
from tests.support import editor
from tests.support.factories import publish
from tests.support.kinds import SmallSite
from tests.support.po import confirm, download, one, upload
from tests.support.translating import put
from translations.gaps import translation_of

pytestmark = pytest.mark.both_databases

BAD = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF]))
BAD += "\u2028\u2029\ufdd0"
DIRTY = f"First line\x0bsecond{BAD.replace(chr(0), '')} line"
PAGES = [model for model in apps.get_models() if issubclass(model, PublicPageMixin)]
RECORDS = [
    model
    for label in ("campaigns", "home")
    for model in apps.get_app_config(label).get_models()
    if not issubclass(model, Page)
]
# Filled by the program, from texts that are clean or never shown.
DERIVED = {"TextVersion", "Launch", "Digest", "SourceCheck"}


def is_dirty(text: str) -> bool:
    return bool(set(text) & set(BAD))


@given(st.text())
def test_a_clean_text_holds_nothing_that_xml_forbids(text: str) -> None:
    for clean in (printable, printable_line):
        assert not is_dirty(clean(text))
        assert clean(clean(text)) == clean(text)
    kept = "".join(sign for sign in text if sign not in BAD and not "\ud800" <= sign <= "\udfff")
    assert printable(text).replace("\n", "") == LINE_ENDS.sub("", kept).replace("\n", "")


def test_every_text_of_a_record_is_cleaned_when_it_is_stored() -> None:
    fields = [
        field
        for model in RECORDS
        if model.__name__ not in DERIVED
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.editable
        and type(field) in (models.CharField, models.TextField)
    ]
    # These are the program's own words.
    of_ours = {f"campaigns.ChangeRequest.{name}" for name in ("address", "permission", "before")}
    of_ours |= {"campaigns.Petition.time_zone", "home.Version.name"}
    of_ours |= {f"campaigns.{name}" for name in ("Answer.language", "AnswerTranslation.language")}
    of_ours |= {"campaigns.Delivery.code"}
    assert {str(field) for field in fields} <= of_ours
    cleaned = [f for model in RECORDS for f in model._meta.get_fields() if isinstance(f, Printable)]
    assert len(cleaned) >= 12


def raw_of(block: Block) -> Json:
    """A value of a block, as it is stored, with a dirty text wherever one may stand."""
    if isinstance(block, ImageBlock):
        return {"image": None, "decorative": False, "alt_text": DIRTY}
    if isinstance(block, blocks.StructBlock):
        return {name: raw_of(child) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ListBlock):
        return [{"type": "item", "id": str(uuid.uuid4()), "value": raw_of(block.child_block)}]
    if isinstance(block, blocks.StreamBlock):
        return [
            {"type": name, "id": str(uuid.uuid4()), "value": raw_of(child)}
            for name, child in block.child_blocks.items()
        ]
    if isinstance(block, blocks.RichTextBlock):
        return f"<p>{DIRTY}</p>"
    if isinstance(block, blocks.CharBlock | blocks.TextBlock):
        return DIRTY
    return False if isinstance(block, blocks.BooleanBlock) else None


def texts_in(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_in(each)


@pytest.mark.parametrize("model", PAGES)
@pytest.mark.parametrize("is_live", [False, True])
def test_no_text_of_a_page_stays_dirty(site: SmallSite, model: type[Page], is_live: bool) -> None:
    page = model(live=is_live, slug="dirty", locale=site["home"]["en"].locale)
    if model.__name__ in ("CampaignPage", "PetitionPage"):
        page.petition = Petition.objects.create(time_zone="UTC")
    streams = 0
    for field in model._meta.concrete_fields:
        if isinstance(field, StreamField):
            setattr(page, field.name, field.stream_block.to_python(raw_of(field.stream_block)))
            streams += 1
        elif isinstance(field, models.CharField | models.TextField) and field.name not in (
            "slug",
            "path",
            "url_path",
        ):
            setattr(page, field.name, DIRTY)
    assert streams
    page.full_clean(exclude=[field.name for field in model._meta.fields])
    found = list(texts_in(dict(page.serializable_data())))
    assert len(found) > 5
    assert not [text for text in found if is_dirty(text)]
    assert [text for text in found if "First line" in text]


@pytest.fixture
def news(campaign_pages: dict[str, CampaignPage]) -> UpdatePage:
    page = UpdatePage(title=DIRTY, slug="news-item", lead=DIRTY, locale=campaign_pages["en"].locale)
    campaign_pages["en"].add_child(instance=page)
    return publish(page)


def test_a_lead_from_a_word_processor_leaves_the_feeds_whole(
    admin: Client, site: SmallSite, news: UpdatePage
) -> None:
    for address in ("/en/end-ties/feed/", "/en/end-ties/portland-oregon/feed/"):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert not is_dirty(answer.content.decode())
    answer = editor.edit(admin, news, "publish", lead=DIRTY.replace("First", "Another"))
    assert answer.status_code == 302
    news.refresh_from_db()
    assert news.lead.startswith("Another line\nsecond")
    assert Client().get("/en/end-ties/feed/").status_code == 200


SHEETS = [
    "/admin/reports/languages/",
    "/admin/reports/languages/names/",
    "/admin/reports/evidence/",
    "/admin/snippets/campaigns/tieevent/",
    "/admin/petitions/",
]


@pytest.mark.parametrize("address", SHEETS)
@pytest.mark.usefixtures("news")
def test_spreadsheets_of_dirty_records_are_made(
    admin: Client, site: SmallSite, address: str
) -> None:
    tie = site["portland"]["en"].tie
    TieEvent.objects.create(tie=tie, kind="ended", source_title=DIRTY, source_publisher=DIRTY)
    name = tie.city.names.get(locale__language_code="en")
    name.name = name.region = DIRTY
    name.save()
    City.objects.filter(pk=tie.city_id).update(region="Oregon")
    answer = admin.get(address, {"export": "xlsx"})
    assert answer.status_code == 200
    assert b"".join(answer).startswith(b"PK") if answer.streaming else answer.content


def test_a_translation_is_cleaned_by_each_door(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    translation = translation_of(page)
    assert translation
    segment = StringSegment.objects.get(source=translation.source, context__path="lead")
    assert put(admin, page, segment, "Перший\x0bдругий\x07").json()["error"] is None
    stored = StringTranslation.objects.get(context__path="lead", locale=page.locale)
    assert stored.data == "Перший\nдругий"
    po = download(admin, translation)
    entry = next(each for each in po if each.msgctxt == "share_text" or each.msgctxt == "ask")
    entry.msgstr = "Один\x0bдва\x1f"
    door = f"{one(translation)}upload/"
    confirm(admin, door, upload(admin, door, po))
    row = StringTranslation.objects.get(context__path=entry.msgctxt, locale=page.locale)
    assert row.data == "Один\nдва"


def test_a_table_of_cities_is_cleaned(site: SmallSite) -> None:
    values = ["Eu\x07gene", "Ore\x0bgon", "Irkutsk", "Irkutsk", "", "unknown", "", "", "", ""]
    # No state's of ours is written so: its zone is named.
    columns, values = [*COLUMNS, "time_zone"], [*values, "America/Los_Angeles"]
    [row] = parse("t.csv", f"{','.join(columns)}\n{','.join(values)}\n".encode(), ["en", "uk"])
    assert (row.city, row.state) == ("Eugene", "Ore gon")
    assert CityName.objects.exists()


def test_a_text_that_only_passes_through_a_form_stays_the_same() -> None:
    """Browsers end lines with two signs: what people sign would change with every save."""
    assert printable("One.\r\n\r\nTwo.\rThree.\n") == "One.\n\nTwo.\nThree.\n"
