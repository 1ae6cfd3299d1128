"""Each text is called by its place, and stands where a reader of the page meets it."""

import json
from collections import Counter
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail_localize.models import Translation

from campaigns.models import CampaignPage
from tests.library.images import made_image
from tests.support.editor import address
from tests.support.factories import add_content, publish
from tests.support.kinds import SmallSite
from tests.support.po import download
from translation_desk.editor.labels import labels
from translations.gaps import gaps, translation_of
from translations.submission import submit


@pytest.fixture
def page(site: SmallSite) -> CampaignPage:
    """With blocks of every kind, one of which has two paragraphs."""
    add_content(site)
    english = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    image = made_image()
    image.contextual_alt_text, image.decorative = "A bridge", False
    english.body.append(("text", "<h2>First</h2><p>Second.</p>"))
    english.body.append(("picture", {"image": image, "caption": "The bridge"}))
    english.city_closing = "It is over {in_city}."
    publish(english)
    submit(english, site["campaign"]["uk"].locale)
    return CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)


@pytest.fixture
def translation(page: CampaignPage) -> Translation:
    found = translation_of(page)
    assert found
    return found


def rows(client: Client, page: CampaignPage) -> list[dict[str, Any]]:
    """What wagtail-localize's editor draws, in its order."""
    editor = BeautifulSoup(client.get(address(page)).content, "html.parser").select_one(
        ".js-translation-editor"
    )
    assert editor
    found: list[dict[str, Any]] = json.loads(str(editor["data-props"]))["segments"]
    return found


def test_no_two_texts_of_a_page_are_called_alike(translator: Client, page: CampaignPage) -> None:
    shown = rows(translator, page)
    names = Counter((row["location"]["field"], row["location"]["subField"]) for row in shown)
    assert len(shown) > 20
    assert [name for name, number in names.items() if number > 1] == []
    # What stands under one heading is one block, or one field.
    blocks = {(row["location"]["field"], row["location"]["blockId"]) for row in shown}
    assert len({field for field, _block in blocks}) == len(blocks)


def test_a_text_is_called_by_its_group_block_heading_and_part(
    translator: Client, page: CampaignPage
) -> None:
    named = {
        row.get("source"): (row["location"]["field"], row["location"]["subField"])
        for row in rows(translator, page)
    }
    assert named["It is over {in_city}."] == ("Patterns for city pages › Closing text", None)
    assert named["Second."][1] == "part 2 of 2"
    assert named["Who?"] == (
        "Body › Questions and answers (7): Questions",
        "Questions › Question (1): Who? › Question",
    )
    images = {
        (row["location"]["field"], row["location"]["subField"])
        for row in rows(translator, page)
        if row["type"] == "synchronised_value"
    }
    assert ("Body › Image (9): The bridge", "Image") in images
    assert named["A bridge"] == ("Body › Image (9): The bridge", "Image › Alt text")


def test_what_waits_is_listed_by_the_same_names(
    translator: Client, page: CampaignPage, translation: Translation
) -> None:
    html = translator.get(address(page)).text
    for label in labels(translation, CampaignPage).values():
        assert str(label) in html.replace("&#x27;", "'")


def test_a_file_and_what_waits_are_in_the_order_of_the_page(
    translator: Client, page: CampaignPage, translation: Translation
) -> None:
    order = [row["contentPath"] for row in rows(translator, page) if row["type"] == "string"]
    fields = list(dict.fromkeys(path.split(".")[0] for path in order))
    assert fields[:2] == ["title", "lead"]
    assert fields.index("body") < fields.index("consent_text") < fields.index("city_heading")
    assert [entry.msgctxt for entry in download(translator, translation)] == order
    assert [gap.path for gap in gaps(translation, CampaignPage)] == order
