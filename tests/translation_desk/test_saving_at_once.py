"""Two translators at one text, and an editor who changes the source meanwhile: nothing is lost."""

from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from wagtail_localize.models import StringSegment, StringTranslation

from campaigns.models import CampaignPage
from tests.support.factories import publish
from tests.support.kinds import Response
from tests.translation_desk.storing import store
from translation_desk.changes import tasks
from translations.gaps import translation_of
from translations.submission import submit

PATH = "city_closing"
BEFORE = "Their mayors are still friends of ours."


@pytest.fixture
def page(campaign_pages: dict[str, CampaignPage]) -> CampaignPage:
    english = campaign_pages["en"]
    english.city_closing = BEFORE
    publish(english)
    submit(english, campaign_pages["uk"].locale)
    return campaign_pages["uk"]


def segment_of(page: CampaignPage) -> StringSegment:
    translation = translation_of(page)
    assert translation
    found: StringSegment = StringSegment.objects.select_related("string", "context").get(
        source=translation.source, context__path=PATH
    )
    return found


def send(
    client: Client, page: CampaignPage, segment: StringSegment, method: str = "PUT", **more: str
) -> Response:
    """As the editor's script does, in a browser that makes line breaks its own."""
    translation = translation_of(page)
    assert translation
    door = f"/admin/localize/translate/{translation.pk}/strings/{segment.pk}/edit/"
    data = {"source": segment.string.data, "path": segment.context.path, **more}
    body = encode_multipart(
        BOUNDARY, {name: text.replace("\n", "\r\n") for name, text in data.items()}
    )
    return client.generic(method, door, body, content_type=MULTIPART_CONTENT)


def text_of(page: CampaignPage) -> str:
    return StringTranslation.objects.get(context__path=PATH, locale=page.locale).data


def test_what_another_wrote_meanwhile_is_told_and_not_written_over(
    admin: Client, page: CampaignPage
) -> None:
    segment = segment_of(page)
    store(page, PATH, "Перший\nраз")
    told: dict[str, Any] = send(admin, page, segment, value="Другий", known="").json()
    assert text_of(page) == "Перший\nраз"
    assert "somebody else wrote here: “Перший\nраз”" in told["error"]
    assert told["data"] == "Другий"
    assert send(admin, page, segment, "DELETE", known="").status_code == 409
    # Who has seen it may put something else in its place.
    again = send(admin, page, segment, value="Другий", known=told["known"]).json()
    assert again["error"] is None
    assert text_of(page) == "Другий"


def test_the_same_words_twice_are_no_quarrel(admin: Client, page: CampaignPage) -> None:
    store(page, PATH, "Однаково")
    assert send(admin, page, segment_of(page), value="Однаково", known="").json()["error"] is None


def test_what_is_typed_while_the_source_changes_is_what_its_translator_knew(
    admin: Client, page: CampaignPage
) -> None:
    segment = segment_of(page)
    english = CampaignPage.objects.get(locale__language_code="en", petition=page.petition)
    english.city_closing = "Their mayors are still friends of ours, and silent."
    publish(english)
    assert segment_of(page).pk != segment.pk
    told = send(admin, page, segment, value="Їхні мери досі наші друзі.", known="").json()
    assert "Your words are kept" in told["error"]
    assert told["data"] == "Їхні мери досі наші друзі."
    translation = translation_of(page)
    assert translation
    (task,) = [each for each in tasks(translation, CampaignPage) if each.gap.path == PATH]
    assert task.previous_translation == "Їхні мери досі наші друзі."


def test_a_text_that_never_was_there_is_not_kept(admin: Client, page: CampaignPage) -> None:
    segment = segment_of(page)
    segment.pk += 1_000_000
    segment.string.data = "Nobody wrote this."
    assert send(admin, page, segment, value="Слова", known="").status_code == 404


@pytest.mark.parametrize("text", ["Їхні {мери досі друзі.", "Їхні мери} досі друзі."])
def test_a_lone_bracket_is_refused_where_no_placeholder_stands(
    admin: Client, campaign_pages: dict[str, CampaignPage], text: str
) -> None:
    page = campaign_pages["uk"]
    translation = translation_of(page)
    assert translation
    segment = StringSegment.objects.select_related("string", "context").get(
        source=translation.source, context__path="title"
    )
    assert "A curly bracket stands alone" in send(admin, page, segment, value=text).json()["error"]
