"""Shaping the form in the admin: questions, their keys, and their way into other languages."""

import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Locale

from campaigns.blocks.form_questions import MOST_OPTIONS, MOST_QUESTIONS, FormQuestions
from campaigns.checks import problems
from campaigns.models import CampaignPage
from campaigns.records.form_shape import OPTIONAL_FIELDS, RESERVED_KEYS
from tests.support.editor import edit
from tests.support.editor import publish as publish_in_editor
from tests.support.factories import publish, questions_in, shape_form
from tests.support.kinds import Response, SmallSite
from translations.submission import texts_of, translate


def asked(label: str = "What?", key: str = "", **more: Any) -> dict[str, Any]:
    return {"label": label, "help_text": "", "is_required": "", "key": key, **more}


def options(*keys: str) -> object:
    return posted_list([{"label": f"Answer {key}", "key": key} for key in keys])


def posted_list(values: list[Any]) -> dict[str, Any]:
    """A list of blocks as the editor posts it."""
    items = {
        str(number): {"value": value, "deleted": "", "order": str(number)}
        for number, value in enumerate(values)
    }
    return {"count": str(len(values)), **items}


def publish_with(
    client: Client, page: CampaignPage, *questions: Any, draft: bool = False
) -> Response:
    if draft:
        return edit(client, page, extra_questions=questions)
    return publish_in_editor(client, page, extra_questions=questions)


def words_of(response: Response) -> str:
    return response.content.decode().replace("\\u2019", "’")


def test_an_editor_asks_questions_of_every_kind(moderator: Client, campaign: CampaignPage) -> None:
    response = publish_with(
        moderator,
        campaign,
        ("text", asked("Your school?", "school")),
        ("long_text", asked("Your words?")),
        ("choice", asked("Heard from?", "heard", options=options("a", "b"))),
        ("choices", asked("Will you help?", options=options("", ""))),
        ("yes_no", asked("Ever written?", is_required="on")),
    )
    assert response.status_code == 302
    campaign.refresh_from_db()
    school, words, heard, help_, written = campaign.form_shape.questions
    assert (school.key, school.kind, school.label) == ("school", "text", "Your school?")
    assert re.fullmatch(r"q_[0-9a-f]{8}", words.key)
    assert heard.options == {"a": "Answer a", "b": "Answer b"}
    assert all(re.fullmatch(r"o_[0-9a-f]{8}", key) for key in help_.options)
    assert len(help_.options) == 2
    assert (school.is_required, written.is_required) == (False, True)


def test_a_key_that_nobody_wrote_outlasts_a_new_wording(campaign: CampaignPage) -> None:
    questions = questions_in("en")
    for question in questions:
        question["value"]["key"] = ""
    campaign.extra_questions = json.dumps(questions)
    before = [question.key for question in publish(campaign).form_shape.questions]
    for question in questions:
        question["value"]["label"] += " (please)"
    campaign.extra_questions = json.dumps(questions[::-1])
    after = [question.key for question in publish(campaign).form_shape.questions]
    assert after == before[::-1]
    assert len(set(after)) == 5


@pytest.mark.parametrize("key", sorted(RESERVED_KEYS))
def test_keys_of_the_forms_own_fields_are_refused(key: str) -> None:
    for written in (key, key.upper()):
        errors = refused([("text", asked(key=written))])
        assert "a field of its own with this key" in errors


@pytest.mark.parametrize("key", ["a b", "ключ", "a-b", "a.b", "<b>", "x" * 41, "=1"])
def test_keys_are_letters_digits_and_underscores(key: str) -> None:
    assert refused([("text", asked(key=key))])


def refused(questions: list[Any]) -> str:
    """The errors of the question block in words, wherever in it they stand."""
    stream = FormQuestions()
    with pytest.raises(ValidationError) as caught:
        stream.clean(stream.normalize(questions))
    return " ".join(told(caught.value))


def told(error: ValidationError) -> list[str]:
    inner = getattr(error, "block_errors", None)
    if inner is None:
        return list(error.messages)
    others = [message for each in inner.values() for message in told(each)]
    return [*others, *map(str, getattr(error, "non_block_errors", []))]


def test_the_same_key_twice_is_refused_beside_the_second(
    moderator: Client, campaign: CampaignPage
) -> None:
    twice = [("text", asked(key="school")), ("yes_no", asked(key="School"))]
    assert "Another one has this key already." in refused(twice)
    same = [{"label": "A", "key": "a"}, {"label": "B", "key": "A"}]
    assert "Another one has this key already." in refused([("choice", asked(options=same))])
    response = publish_with(moderator, campaign, *twice)
    assert response.status_code == 200
    page = words_of(response)
    assert "Another one has this key already." in page
    # Wagtail draws the message beside the block: the second one, and its key.
    error = page[page.index("Another one has this key already.") - 600 :]
    assert re.search(r"blockErrors.{0,80}1.{0,200}key", error.replace("&quot;", '"'), re.S)
    campaign.refresh_from_db()
    assert not campaign.extra_questions


def test_a_form_has_ten_questions_and_a_question_thirty_answers_at_most() -> None:
    many = [("text", asked(key=f"k{number}")) for number in range(MOST_QUESTIONS + 1)]
    assert str(MOST_QUESTIONS) in refused(many)
    answers = [{"label": "A", "key": f"k{number}"} for number in range(MOST_OPTIONS + 1)]
    assert str(MOST_OPTIONS) in refused([("choices", asked(options=answers))])


@pytest.mark.parametrize("kind", ["choice", "choices"])
def test_a_question_that_nobody_can_answer_is_saved_but_not_published(
    moderator: Client, campaign: CampaignPage, kind: str
) -> None:
    lonely = (kind, asked("Which?", "which", is_required="on", options=options("only")))
    response = publish_with(moderator, campaign, lonely)
    assert "Nobody can answer this question yet." in words_of(response)
    campaign.refresh_from_db()
    assert not campaign.extra_questions
    publish_with(moderator, campaign, lonely, draft=True)
    draft = CampaignPage.objects.get(pk=campaign.pk).get_latest_revision_as_object()
    assert len(draft.extra_questions) == 1
    assert "Question 1 of the form needs two answers" in problems(draft)[0].message
    assert problems(draft)[0].is_severe
    # Should it go live by another way, visitors are not asked what they cannot answer.
    assert draft.form_shape.questions == ()


def test_the_content_check_names_a_question_without_words(campaign: CampaignPage) -> None:
    campaign.extra_questions = [("text", asked(" "))]
    assert "Question 1 of the form has no words" in problems(campaign)[0].message


@pytest.mark.parametrize("name", ["thank_you_text", "closing_text"])
def test_braces_in_a_text_about_no_city_are_refused(
    moderator: Client, campaign: CampaignPage, name: str
) -> None:
    page = words_of(edit(moderator, campaign, "publish", **{name: "Thanks {in_city}."}))
    assert "This text is about no city, so nothing fills {in_city}." in page


@pytest.mark.parametrize("name", ["city_thank_you", "city_closing"])
def test_cities_fill_the_placeholders_and_unknown_ones_are_refused(
    moderator: Client, campaign: CampaignPage, site: SmallSite, name: str
) -> None:
    refused = words_of(edit(moderator, campaign, "publish", **{name: "In {in_town}."}))
    assert "There is no placeholder {in_town}." in refused
    publish_in_editor(moderator, campaign, **{name: "People {in_city}."})
    city = type(site["portland"]["en"]).objects.get(pk=site["portland"]["en"].pk)
    words = {"city_thank_you": city.thank_you, "city_closing": city.closing}
    assert words[name] == "People in Portland."


def test_a_city_without_words_of_its_own_shows_the_campaigns(
    campaign: CampaignPage, site: SmallSite
) -> None:
    campaign.thank_you_text, campaign.closing_text = "Thanks.", "Over."
    publish(campaign)
    city = type(site["portland"]["en"]).objects.get(pk=site["portland"]["en"].pk)
    assert (city.thank_you, city.closing) == ("Thanks.", "Over.")
    assert (campaign.thank_you, campaign.closing) == ("Thanks.", "Over.")


def test_words_are_translated_and_keys_are_shared(site: SmallSite, campaign: CampaignPage) -> None:
    shape_form(
        site,
        "text",
        thank_you_text={"en": "Thanks.", "uk": "Спершу так."},
        postcode_help={"en": "Why we ask.", "uk": "Спершу так само."},
    )
    source = CampaignPage.objects.get(pk=campaign.pk)
    texts = {segment.string.data for place in texts_of(source).values() for segment in place}
    assert {"Your school?", "A friend", "The news", "Thanks.", "Why we ask."} <= texts
    assert not {"_text", "friend", "news", "_choice"} & texts
    uk = Locale.objects.get(language_code="uk")
    source.asks_comment = False
    source = publish(source)
    shadow = source.get_translation(uk)
    shadow.extra_questions = json.dumps(questions_in("uk"))
    shadow.thank_you_text, shadow.postcode_help = "Дякуємо.", "Чому ми питаємо."
    publish(translate(source, shadow, uk).get_latest_revision().as_object())
    translated = CampaignPage.objects.get(pk=shadow.pk)
    english, ukrainian = source.form_shape, translated.form_shape
    assert ukrainian.questions[0].label == "Ваша школа?"
    assert ukrainian.questions[2].options == {"friend": "Від друзів", "news": "Із новин"}
    assert ukrainian.help_texts["postcode"] == "Чому ми питаємо."
    assert [each.key for each in ukrainian.questions] == [each.key for each in english.questions]
    assert [each.is_required for each in ukrainian.questions] == [True, False, False, False, False]


def test_which_fields_show_is_shared_by_all_languages(
    site: SmallSite, campaign: CampaignPage
) -> None:
    uk = Locale.objects.get(language_code="uk")
    for name in OPTIONAL_FIELDS:
        setattr(campaign, f"asks_{name}", False)
    source = publish(campaign)
    shadow = CampaignPage.objects.get(pk=source.get_translation(uk).pk)
    translate(source, shadow, uk)
    translated = CampaignPage.objects.get(pk=shadow.pk)
    assert translated.get_latest_revision_as_object().form_shape.left_out == set(OPTIONAL_FIELDS)


@pytest.mark.parametrize("kind", list(FormQuestions().child_blocks))
def test_a_question_is_previewed_as_visitors_see_it(moderator: Client, kind: str) -> None:
    field: Any = CampaignPage._meta.get_field("extra_questions")
    block = field.stream_block.child_blocks[kind]
    response = moderator.get("/admin/block-preview/", {"id": block.definition_prefix})
    page = words_of(response)
    assert response.status_code == 200
    assert str(block.get_preview_value()["label"]) in page
    element = "<fieldset" if kind in ("choice", "choices", "yes_no") else "<label"
    assert element in page


def test_the_form_is_shaped_on_the_campaigns_page(
    moderator: Client, campaign: CampaignPage
) -> None:
    page = words_of(moderator.get(f"/admin/pages/{campaign.pk}/edit/"))
    for words in ("fields that may be left empty", "questions of your own", "after closing"):
        assert words in page
    for name in OPTIONAL_FIELDS:
        assert f'name="asks_{name}"' in page
        assert f'name="{name}_help"' in page
