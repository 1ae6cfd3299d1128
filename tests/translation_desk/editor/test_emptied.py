"""A translation that was taken away shows nowhere, and its translator may have it back."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from campaigns.models import CampaignPage, CityName
from tests.support.editor import address
from tests.support.factories import publish
from tests.support.kinds import SmallSite
from tests.support.po import download
from tests.support.translating import fill
from tests.translation_desk.storing import store
from translation_desk.changes import TextChange, tasks
from translation_desk.editor.emptied import EMPTIED
from translation_desk.notes import notes_of
from translations.gaps import gaps, translation_of
from translations.submission import submit

WORDS = "Розірвіть усі звʼязки."


@pytest.fixture
def translation(campaign_pages: dict[str, CampaignPage]) -> Translation:
    """Complete: each text has its translation."""
    fill(campaign_pages["uk"])
    store(campaign_pages["uk"], "ask", WORDS)
    found = translation_of(campaign_pages["uk"])
    assert found
    return found


def segment_of(translation: Translation, path: str = "ask") -> StringSegment:
    found: StringSegment = translation.source.stringsegment_set.get(context__path=path)
    return found


def empty(client: Client, translation: Translation, path: str = "ask") -> int:
    segment = segment_of(translation, path)
    door = f"/admin/localize/translate/{translation.pk}/strings/{segment.pk}/edit/"
    return client.delete(door).status_code


def waiting(translation: Translation) -> list[TextChange]:
    return tasks(translation, CampaignPage)


def test_it_counts_as_missing_and_is_kept_aside(
    translator: Client, translation: Translation, campaign_pages: dict[str, CampaignPage]
) -> None:
    assert gaps(translation, CampaignPage) == []
    assert empty(translator, translation) == 200
    assert [gap.path for gap in gaps(translation, CampaignPage)] == ["ask"]
    (task,) = waiting(translation)
    assert (task.is_emptied, task.previous_translation) == (True, WORDS)
    assert notes_of(translation, CampaignPage).notes == []
    html = translator.get(address(campaign_pages["uk"]))
    assert "The translation of 1 text was taken away" in html.text
    editor = BeautifulSoup(html.content, "html.parser").select_one(".js-translation-editor")
    assert editor
    props: dict[str, Any] = json.loads(str(editor["data-props"]))
    shown = {each["segment_id"] for each in props["initialStringTranslations"]}
    assert segment_of(translation).pk not in shown, "its box is empty"
    assert len(shown) == len(props["segments"]) - 1
    entry = next(each for each in download(translator, translation) if each.msgctxt == "ask")
    assert (entry.msgstr, "fuzzy" in entry.flags) == (WORDS, True)


def test_it_is_put_back_as_it_was(translator: Client, translation: Translation) -> None:
    empty(translator, translation)
    accept = f"/admin/localize/translate/{translation.pk}/accept/"
    translator.post(accept, {"text": segment_of(translation).pk, "words": WORDS})
    row = StringTranslation.objects.get(context__path="ask")
    assert (row.data, row.has_error, row.tool_name) == (WORDS, False, "")
    assert gaps(translation, CampaignPage) == []


def test_another_writes_there_without_a_quarrel(
    translator: Client, translation: Translation
) -> None:
    empty(translator, translation)
    segment = segment_of(translation)
    door = f"/admin/localize/translate/{translation.pk}/strings/{segment.pk}/edit/"
    sent = {"value": "Інакше.", "known": "", "source": segment.string.data, "path": "ask"}
    body = encode_multipart(BOUNDARY, sent)
    assert translator.put(door, body, content_type=MULTIPART_CONTENT).json()["error"] is None
    assert waiting(translation) == []


def test_a_machines_draft_is_not_worth_keeping(
    translator: Client, translation: Translation, campaign_pages: dict[str, CampaignPage]
) -> None:
    draft = {"translation_type": "machine", "tool_name": "Machine", "has_error": True}
    store(campaign_pages["uk"], "ask", "Чернетка", **draft)
    assert empty(translator, translation) == 200
    assert not StringTranslation.objects.filter(context__path="ask").exists()


def test_nobody_else_takes_away(translation: Translation) -> None:
    assert empty(Client(), translation) in (302, 403)
    assert StringTranslation.objects.get(context__path="ask").data == WORDS


def test_beside_a_changed_text_stands_what_it_was(
    translator: Client, translation: Translation, campaign_pages: dict[str, CampaignPage]
) -> None:
    english = CampaignPage.objects.get(pk=campaign_pages["en"].pk)
    english.ask += " Now."
    publish(english)
    (task,) = waiting(translation)
    html = BeautifulSoup(translator.get(address(campaign_pages["uk"])).content, "html.parser")
    beside = html.select_one(f"template[data-until-now-of='{task.gap.segment}']")
    assert beside
    words = beside.select_one("[data-until-now-words]")
    assert words
    assert words.decode_contents() == WORDS
    assert [each.decode_contents() for each in beside.select("ins")] == [" Now."]


def test_a_form_of_a_name_that_was_taken_away_is_told_below_its_field(
    admin: Client, site: SmallSite
) -> None:
    name = CityName.objects.get(city__key="portland-oregon", locale__language_code="en")
    translation = submit(name, site["portland"]["uk"].locale)
    door = f"/admin/translations/{translation.pk}/name/"
    names = dict.fromkeys(("name", "of_form", "in_form", "with_form", "region"), "Портленд")
    admin.post(door, names)
    admin.post(door, {**names, "in_form": ""})
    row = StringTranslation.objects.get(context__path="in_form", locale=translation.target_locale)
    assert (row.tool_name, row.data) == (EMPTIED, "Портленд")
    field = BeautifulSoup(admin.get(door).content, "html.parser").select_one("[name=in_form]")
    assert field
    assert not field.get("value")
    assert "Your translation until now: Портленд" in admin.get(door).text
