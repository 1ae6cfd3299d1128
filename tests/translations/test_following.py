"""What a source takes out, moves or corrects is so in its translations at once."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from campaigns.models import CampaignPage, TextVersion
from signatures.signing.tokens import own_token
from tests.support.factories import confirmed, publish, questions_in
from tests.support.kinds import SmallSite
from tests.support.snapshot import kept
from tests.support.translating import publish_translation, translate
from translation_desk.status import statuses
from translations.gaps import gaps, translation_of
from translations.submission import make_new_draft, publish_what_is_translated, submit
from translations.sync.paragraphs import Paragraph, merged

IDS = [f"{number}0000000-0000-4000-8000-000000000000" for number in range(1, 10)]
REASON, EVIDENCE, QUOTE, TEXT, QUESTIONS = IDS[:5]
FIRST, SECOND, NEW = IDS[5:8]


def source(block_id: str, title: str = "A report", **changes: Any) -> dict[str, Any]:
    value: dict[str, Any] = {
        "title": title,
        "language": "en",
        "meaning": "",
        "publisher": "OHCHR",
        "date": None,
    }
    value |= {"address": "https://reports.example/1", "archived_copy": ""}
    return {"type": "item", "id": block_id, "value": {**value, **changes}}


def evidence(*sources: dict[str, Any], **changes: Any) -> dict[str, Any]:
    value: dict[str, Any] = {
        "heading": "What happened",
        "what_happened": "<p>It happened.</p>",
        "when": "In spring",
    }
    value |= {"city": None, "content_warning": "", "image": {"image": None}, "review_on": None}
    value |= {"sources": list(sources), "corrections": []}
    return {"type": "evidence", "id": EVIDENCE, "value": {**value, **changes}}


def reason(block_id: str = REASON, word: str = "A reason") -> dict[str, Any]:
    value = {"heading": word, "text": f"<p>{word} in words.</p>"}
    return {"type": "reason", "id": block_id, "value": value}


def quote(**changes: Any) -> dict[str, Any]:
    value: dict[str, Any] = {
        "words": "Do not look away.",
        "speaker": "Somebody",
        "role": "",
        "occasion": "",
    }
    value |= {"date": None, "original_language": "", "original_words": "", "translator": ""}
    return {"type": "quote", "id": QUOTE, "value": {**value, **changes}}


def text(html: str) -> dict[str, Any]:
    return {"type": "text", "id": TEXT, "value": html}


def questions(*asked: tuple[str, str]) -> dict[str, Any]:
    items = [
        {"type": "item", "id": key, "value": {"question": word, "answer": f"<p>{word} So.</p>"}}
        for key, word in asked
    ]
    return {
        "type": "questions",
        "id": QUESTIONS,
        "value": {"heading": "Questions", "questions": items},
    }


PARAGRAPHS = (
    '<p>One.</p><p>Two, <a href="https://old.example/">read</a>.</p><ul><li>Three.</li></ul>'
)
BODY = [
    reason(),
    evidence(source(FIRST), source(SECOND, "Another report")),
    quote(),
    text(PARAGRAPHS),
    questions((FIRST, "Who?"), (SECOND, "Why?")),
]


@pytest.fixture
@kept
def pages(site: dict[str, Any]) -> dict[str, CampaignPage]:
    """A campaign with a block of every kind, translated and live in both languages."""
    english = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    english.extra_questions = json.dumps(questions_in("en"))
    english.postcode_help = "The five digits."
    english.body = json.dumps(BODY)
    publish(english)
    ukrainian = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    submit(english, ukrainian.locale)
    translate(ukrainian)
    publish_translation(ukrainian)
    return {"en": english, "uk": CampaignPage.objects.get(pk=ukrainian.pk)}


def change(pages: dict[str, CampaignPage], *body: dict[str, Any], **fields: Any) -> CampaignPage:
    """Publishes the English page anew, and returns the Ukrainian one as it is live then."""
    page = CampaignPage.objects.get(pk=pages["en"].pk)
    for name, value in fields.items():
        setattr(page, name, value)
    if body:
        page.body = json.dumps(body)
    publish(page)
    return CampaignPage.objects.get(pk=pages["uk"].pk)


def raw(page: Page, name: str = "body") -> dict[str, Any]:
    return {item["id"]: item["value"] for item in getattr(page, name).get_prep_value()}


def shown(page: Page) -> str:
    return Client().get(page.url).content.decode()


def waiting(page: Page) -> list[str]:
    translation = translation_of(page)
    assert translation
    return [gap.source for gap in gaps(translation, type(page))]


@pytest.mark.parametrize("gone", range(len(BODY)))
def test_a_block_that_is_deleted_is_gone_in_every_language(
    pages: dict[str, CampaignPage], gone: int
) -> None:
    left = [block for number, block in enumerate(BODY) if number != gone]
    page = change(pages, *left)
    assert list(raw(page)) == [block["id"] for block in left]
    assert waiting(page) == []
    assert page.get_latest_revision_as_object().body.get_prep_value() == page.body.get_prep_value()
    assert not page.has_unpublished_changes


def test_blocks_stand_in_the_same_order(pages: dict[str, CampaignPage]) -> None:
    page = change(pages, *reversed(BODY))
    assert list(raw(page)) == [block["id"] for block in reversed(BODY)]
    html = shown(page)
    assert html.index("УКР Do not look away.") < html.index("УКР What happened")


SHARED = {
    "address": (evidence(source(FIRST, address="https://new.example/")), "https://new.example/"),
    "publisher": (evidence(source(FIRST, publisher="The UN")), "The UN"),
    "source": (evidence(source(NEW, "A better report")), "A better report"),
    "day": (quote(date="2024-02-24"), "2024"),
    "original": (quote(original_language="uk", original_words="Не відвертайтеся."), "Не відверт"),
    "link": (text(PARAGRAPHS.replace("old.example", "new.example")), "https://new.example/"),
}


@pytest.mark.parametrize("kind", SHARED)
def test_what_is_the_same_in_every_language_is_corrected_in_all(
    pages: dict[str, CampaignPage], kind: str
) -> None:
    block, now = SHARED[kind]
    page = change(pages, *(block if old["id"] == block["id"] else old for old in BODY))
    assert now in shown(page)
    assert "УКР What happened" in shown(page)
    assert "old.example" not in shown(page) or kind != "link"


def test_a_new_source_shows_without_what_its_title_says(pages: dict[str, CampaignPage]) -> None:
    page = change(pages, evidence(source(FIRST), source(NEW, "A better report")), *BODY[2:])
    kept, fresh = raw(page)[EVIDENCE]["sources"]
    assert kept["value"]["meaning"] == "УКР A report"
    assert (fresh["value"]["title"], fresh["value"]["meaning"]) == ("A better report", "")
    assert waiting(page) == ["A better report"]


def test_a_source_that_is_not_explained_yet_takes_nothing_off_the_page(
    pages: dict[str, CampaignPage],
) -> None:
    page = change(pages, evidence(source(NEW, "A better report")), *BODY[2:])
    translation = translation_of(page)
    assert translation
    publish_what_is_translated(translation)
    page.refresh_from_db()
    assert [each["id"] for each in raw(page)[EVIDENCE]["sources"]] == [NEW]
    assert "A better report" in shown(page)


def test_what_another_title_says_is_not_said_of_a_new_one(pages: dict[str, CampaignPage]) -> None:
    page = change(pages, evidence(source(FIRST, "A better report")), *BODY[2:])
    assert raw(page)[EVIDENCE]["sources"][0]["value"]["meaning"] == ""


@pytest.mark.parametrize("name", ["postcode", "lives_here", "comment", "show_name"])
def test_a_field_of_the_form_is_switched_off_in_every_language(
    pages: dict[str, CampaignPage], name: str
) -> None:
    page = change(pages, **{f"asks_{name}": False})
    assert not getattr(page, f"asks_{name}")


def test_the_postcode_is_not_asked_for_any_more(pages: dict[str, CampaignPage]) -> None:
    own = f"/uk/signatures/{own_token(confirmed(pages['uk']))}/"
    assert b'name="postcode"' in Client().get(own).content
    change(pages, asks_postcode=False)
    assert b'name="postcode"' not in Client().get(own).content


def test_a_question_is_asked_or_required_in_every_language_alike(
    pages: dict[str, CampaignPage],
) -> None:
    asked = questions_in("en", "text")[:1]
    page = change(pages, extra_questions=json.dumps(asked))
    (value,) = raw(page, "extra_questions").values()
    assert value["is_required"]
    assert value["label"] == "УКР Your school?"


def test_a_text_that_is_emptied_is_empty_everywhere(pages: dict[str, CampaignPage]) -> None:
    page = change(pages, postcode_help="", lead="")
    assert (page.postcode_help, page.lead) == ("", "")
    assert raw(change(pages, evidence(source(FIRST), when="")))[EVIDENCE]["when"] == ""


def test_a_changed_text_keeps_its_former_translation_and_counts_as_behind(
    pages: dict[str, CampaignPage],
) -> None:
    page = change(pages, reason(word="Another reason"), *BODY[1:], lead="Another lead.")
    assert raw(page)[REASON] == {
        "heading": "УКР A reason",
        "text": "<p>УКР A reason in words.</p>",
    }
    assert page.lead == "УКР A lead."
    cell = statuses([pages["en"]], [page.locale])[pages["en"].pk]["uk"]
    assert cell.stale_since
    assert cell.texts == 3


def test_a_new_block_stays_away_until_it_is_translated(pages: dict[str, CampaignPage]) -> None:
    page = change(pages, reason(NEW, "New"), *BODY)
    assert NEW not in raw(page)
    assert waiting(page) == ["New", "New in words."]
    asked = questions((FIRST, "Who?"), (NEW, "New?"), (SECOND, "Why?"))
    page = change(pages, *BODY[:-1], asked)
    assert [item["id"] for item in raw(page)[QUESTIONS]["questions"]] == [FIRST, SECOND]
    page = change(pages, *BODY[:-1], questions((NEW, "New?")))
    assert QUESTIONS not in raw(page), "a heading above nothing"


def test_what_a_translator_has_saved_waits_for_its_publisher(
    pages: dict[str, CampaignPage],
) -> None:
    translation = translation_of(pages["uk"])
    assert translation
    stored = translation.source.stringsegment_set.get_translations(pages["uk"].locale)
    stored.filter(translation_of__data="A reason").update(data="УКР нове")
    page = change(pages, *BODY[:2])
    assert raw(page)[REASON]["heading"] == "УКР A reason"


def test_a_draft_and_what_is_scheduled_bring_nothing_back(
    pages: dict[str, CampaignPage],
) -> None:
    translation = translation_of(pages["uk"])
    assert translation
    draft = make_new_draft(translation)
    draft.approved_go_live_at = timezone.now()
    draft.save()
    page = change(pages, *BODY[:1], asks_postcode=False)
    assert page.latest_revision_id == draft.pk
    assert page.has_unpublished_changes
    draft.refresh_from_db()
    draft.publish()
    page.refresh_from_db()
    assert list(raw(page)) == [REASON]
    assert not page.asks_postcode


def test_a_link_that_the_translators_changed_is_theirs(pages: dict[str, CampaignPage]) -> None:
    html = raw(pages["uk"])[TEXT].replace("https://old.example/", "https://uk.example/")
    page = pages["uk"]
    page.body = json.dumps([text(html)])
    publish(page)
    page = change(pages, text(PARAGRAPHS.replace("old.example", "new.example")))
    assert "https://uk.example/" in raw(page)[TEXT]


def test_a_page_that_nobody_translates_any_more_follows_nothing(
    pages: dict[str, CampaignPage],
) -> None:
    translation = translation_of(pages["uk"])
    assert translation
    translation.enabled = False
    translation.save()
    assert list(raw(change(pages, BODY[0]))) == [block["id"] for block in BODY]


def test_what_visitors_sign_is_kept_where_a_pattern_is_emptied(site: SmallSite) -> None:
    english = type(site["portland"]["en"]).objects.get(pk=site["portland"]["en"].pk)
    english.own_ask = "End it here."
    publish(english)
    ukrainian = type(english).objects.get(pk=site["portland"]["uk"].pk)
    submit(english, ukrainian.locale)
    translate(ukrainian)
    publish_translation(ukrainian)
    english.own_ask = ""
    publish(english)
    page = type(english).objects.get(pk=ukrainian.pk)
    assert page.demand == "Розірвіть звʼязки з Хабаровськом назавжди."
    assert TextVersion.objects.filter(petition=page.petition, checksum=page.words.checksum).exists()


WORDS = st.lists(st.integers(0, 12), max_size=6, unique=True)


def html_of(words: list[str]) -> str:
    return "".join(f"<p>{word}</p>" for word in words)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=WORDS, now=WORDS)
def test_of_paragraphs_what_stays_keeps_its_words_and_nothing_is_said_twice(
    before: list[int], now: list[int]
) -> None:
    told = [f"Text {number}." for number in before]
    known = {f"УКР Text {number}.": f"Text {number}." for number in before}
    new = html_of([f"Text {number}." for number in now])
    result = merged(new, html_of(list(known)), [Paragraph(each) for each in told], known)
    shown = [each.removesuffix("</p>") for each in result.split("<p>")[1:]]
    kept = [f"УКР Text {number}." for number in now if number in before]
    assert [each for each in shown if each in kept] == kept
    assert len(set(shown)) == len(shown) <= len(now)
    assert set(shown) <= set(known)
    if set(now) <= set(before):
        assert shown == kept, "what was taken out is gone"
