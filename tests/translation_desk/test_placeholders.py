"""Every bracket in a pattern is part of a placeholder, and no placeholder gets lost unseen."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import given
from hypothesis import strategies as st
from wagtail_localize.models import StringSegment, StringTranslation

from campaigns.models import CampaignPage
from campaigns.placeholders import NAMED, fill, missing_placeholders, validate_pattern
from tests.support.editor import address
from tests.support.po import confirm, download, one, stored, upload, words
from tests.support.translating import translate_all
from translation_desk.machine.drafts import accept
from translations.gaps import translation_of

ALONE = ("мера {of_city негайно", "мера of_city} негайно", "мера {{of_city} негайно", "}{of_city}")
VALUES = {name: name.upper() for name in NAMED}
LITERAL = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=5)
PLACES = st.sampled_from(sorted(NAMED)).map("{{{}}}".format)
PATTERN = st.lists(st.one_of(LITERAL, PLACES), max_size=8).map("".join)


def is_refused(pattern: str) -> bool:
    try:
        validate_pattern(pattern)
    except ValidationError:
        return True
    return False


@given(PATTERN)
def test_a_pattern_of_words_and_placeholders_shows_no_bracket(pattern: str) -> None:
    assert not is_refused(pattern)
    assert not set("{}") & set(fill(pattern, VALUES))


@given(st.text(st.sampled_from("{}_ cityof"), max_size=16))
def test_what_would_show_a_bracket_is_refused(pattern: str) -> None:
    shows = bool(set("{}") & set(fill(pattern, VALUES)))
    assert is_refused(pattern) == shows


@given(PATTERN, st.data())
def test_a_bracket_too_many_or_too_few_is_refused(pattern: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(pattern)))
    assert is_refused(pattern[:place] + data.draw(st.sampled_from("{}")) + pattern[place:])
    brackets = [place for place, sign in enumerate(pattern) if sign in "{}"]
    if brackets:
        place = data.draw(st.sampled_from(brackets))
        assert is_refused(pattern[:place] + pattern[place + 1 :])


def test_another_form_of_the_same_name_is_none_that_lacks() -> None:
    assert (
        missing_placeholders("End {city}’s tie {with_sister_city}", "Тут {in_city}, {sister_city}")
        == []
    )
    assert missing_placeholders("Mayor {of_city} of {state}", "мер {sister_city}") == [
        "{of_city}",
        "{state}",
    ]
    assert missing_placeholders("{unknown}", "") == []


def segment_of(page: CampaignPage, path: str = "city_ask") -> StringSegment:
    translation = translation_of(page)
    assert translation
    segment: StringSegment = StringSegment.objects.get(
        source=translation.source, context__path=path
    )
    return segment


def save(client: Client, page: CampaignPage, text: str) -> dict[str, Any]:
    translation = translation_of(page)
    assert translation
    segment = segment_of(page)
    door = f"/admin/localize/translate/{translation.pk}/strings/{segment.pk}/edit/"
    body = encode_multipart(BOUNDARY, {"value": text})
    return client.put(door, body, content_type=MULTIPART_CONTENT).json()


@pytest.mark.parametrize("text", ALONE)
def test_by_no_way_is_a_lone_bracket_stored(
    admin: Client, campaign_pages: dict[str, CampaignPage], text: str
) -> None:
    page = campaign_pages["uk"]
    assert "A curly bracket stands alone" in save(admin, page, text)["error"]
    translation = translation_of(page)
    assert translation
    po = download(admin, translation)
    next(entry for entry in po if entry.msgctxt == "city_ask").msgstr = text
    seen = upload(admin, f"{one(translation)}upload/", po)
    assert "A curly bracket stands alone" in words(seen)
    segment = segment_of(page)
    draft = StringTranslation(
        translation_of=segment.string, context=segment.context, locale=page.locale, data=text
    )
    assert [row for row, _reason in accept(translation, [draft], None)] == [draft]
    assert stored(translation) == {}


@pytest.mark.parametrize("in_bulk", [False, True])
def test_one_that_was_stored_before_is_not_published(
    admin: Client, campaign_pages: dict[str, CampaignPage], in_bulk: bool
) -> None:
    page = campaign_pages["uk"]
    translate_all(page)
    StringTranslation.objects.filter(context__path="city_ask").update(data=ALONE[0])
    page.unpublish()
    bulk = f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/"
    data = {} if in_bulk else {"action": "publish"}
    html = admin.post(bulk if in_bulk else address(page), data, follow=True).content.decode()
    assert "A curly bracket stands alone" in html
    assert not CampaignPage.objects.get(pk=page.pk).live


def test_a_placeholder_that_is_missing_is_told_and_not_refused(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    told = "Missing here, but in the source: {with_sister_city}."
    translate_all(page)
    assert told in save(admin, page, "Негайно розірвіть.")["comment"], "beside the text"
    assert told in admin.get(address(page)).content.decode()
    translation = translation_of(page)
    assert translation
    po = download(admin, translation)
    next(entry for entry in po if entry.msgctxt == "city_ask").msgstr = "Розірвіть."
    door = f"{one(translation)}upload/"
    seen = upload(admin, door, po)
    assert told in words(seen), "in the plan"
    confirm(admin, door, seen)
    html = admin.post(address(page), {"action": "publish"}, follow=True).content.decode()
    assert told in html, "before publishing"
    assert CampaignPage.objects.get(pk=page.pk).city_ask == "Розірвіть."
