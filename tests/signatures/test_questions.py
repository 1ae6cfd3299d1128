"""The form as editors shape it, and how visitors answer."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from campaigns.models import CampaignPage, PetitionPageBase, TextVersion
from campaigns.records.form_shape import OPTIONAL_FIELDS
from jobs.worker import drain
from signatures.models import Signature, Submission
from signatures.signing.tokens import own_token
from tests.signatures.posting import OWN, address, fields, post
from tests.support.factories import (
    QUESTION_WORDS,
    confirm_all,
    confirmed,
    publish,
    questions_in,
    shape_form,
)
from tests.support.kinds import Part, SmallSite

ANSWERS: dict[str, Any] = {
    "question__text": "School № 1",
    "question__long_text": "Line one\nLine two",
    "question__choice": "news",
    "question__choices": ["friend", "news"],
    "question__yes_no": "no",
}


def read(address: str | None) -> str:
    return Client().get(address or "").content.decode()


def tag(html: str, id_: str) -> str:
    found = re.search(rf'<[^>]*id="{id_}"[^>]*>', html)
    assert found, id_
    return found[0]


def hide(site: SmallSite, *names: str) -> None:
    for stale in site["campaign"].values():
        page = CampaignPage.objects.get(pk=stale.pk)
        for name in names:
            setattr(page, f"asks_{name}", False)
        publish(page)


def own_page(page: PetitionPageBase) -> str:
    return f"/{page.language}/signatures/{own_token(confirmed(page))}/"


@pytest.mark.parametrize("name", OPTIONAL_FIELDS)
def test_a_field_that_is_left_out_is_not_shown_and_not_taken(site: SmallSite, name: str) -> None:
    page = site["portland"]["en"]
    place = page.url if name == "lives_here" else own_page(page)
    assert f'name="{name}"' in read(place)
    hide(site, name)
    assert f'name="{name}"' not in read(place)
    sent: dict[str, Any] = {name: {"postcode": "97201", "comment": "Words"}.get(name, "on")}
    assert post(page, email="b@example.org", **sent).status_code == 303
    assert not getattr(Submission.objects.latest("created_at").sent(), name)


def test_with_every_optional_field_left_out_one_can_sign(site: SmallSite) -> None:
    hide(site, *OPTIONAL_FIELDS)
    for page in (site["portland"]["uk"], site["campaign"]["uk"]):
        assert post(page).status_code == 303


def test_help_texts_are_the_editors_or_else_the_usual_ones(site: SmallSite) -> None:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page.postcode_help = "So that the mayor sees where support comes from."
    publish(page)
    own = own_page(site["portland"]["en"])
    shown = read(own)
    assert "So that the mayor sees where support comes from." in shown
    assert "We keep its first three characters." not in shown
    assert "Shown once a moderator has read it" in shown
    hide(site, "show_name")
    assert "Only the campaign’s organizers read it." in read(own)


KINDS = ("text", "long_text", "choice", "choices", "yes_no")


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("place", ["campaign", "portland"])
def test_what_must_be_answered_is_asked_in_the_form_and_the_rest_on_the_own_page(
    site: SmallSite, place: Part, language: str
) -> None:
    shape_form(site)
    page = site[place][language]
    own = own_page(page)
    for words in QUESTION_WORDS[language].values():
        assert words not in read(page.url)
        assert words in read(own)
    shape_form(site, *KINDS)
    for words in QUESTION_WORDS[language].values():
        assert words in read(page.url)
        assert words not in read(own)
    assert post(page, email="b@example.org", **ANSWERS).status_code == 303
    assert Submission.objects.latest("created_at").proposed().answers == {
        "_text": "School № 1",
        "_long_text": "Line one\nLine two",
        "_choice": "news",
        "_choices": ["friend", "news"],
        "_yes_no": False,
    }


def test_from_seven_answers_on_a_choice_is_a_list_to_open(site: SmallSite) -> None:
    for number, kind in ((6, "fieldset"), (7, "select"), (30, "select")):
        question = questions_in("en", "choice")[2]
        question["value"]["options"] = [
            {"type": "item", "id": None, "value": {"label": f"Answer {each}", "key": f"a{each}"}}
            for each in range(number)
        ]
        page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
        page.extra_questions = json.dumps([question])
        publish(page)
        city = site["portland"]["en"]
        shown = read(city.url)
        assert tag(shown, "sign-question__choice").startswith(f"<{kind}")
        assert " checked" not in shown
        assert post(city, question__choice="").status_code == 422
        answered = post(city, email=f"{number}@example.org", question__choice="a5")
        assert answered.status_code == 303


def test_what_is_not_answered_is_not_kept(site: SmallSite) -> None:
    shape_form(site)
    blank: dict[str, Any] = {name: "" for name in ANSWERS if name != "question__choices"}
    assert post(site["portland"]["en"], **blank).status_code == 303
    assert Signature.objects.get().answers == {}
    Signature.objects.all().delete()
    assert post(site["portland"]["en"]).status_code == 303
    assert Signature.objects.get().answers == {}


def test_a_question_that_nobody_asks_is_not_answered(site: SmallSite) -> None:
    post(site["portland"]["en"], **ANSWERS)
    assert Signature.objects.get().answers == {}


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_required_question_is_told_beside_it_and_in_the_summary(
    site: SmallSite, language: str
) -> None:
    kinds = ["text", "long_text", "choice", "choices", "yes_no"]
    shape_form(site, *kinds)
    for kind in kinds:
        label = QUESTION_WORDS[language][kind]
        told = {"en": f"answer the question “{label}”", "uk": f"на запитання «{label}»"}[language]
        others = {name: answer for name, answer in ANSWERS.items() if name != f"question__{kind}"}
        response = post(site["portland"][language], name="Kept Name", **others)
        page = response.content.decode()
        assert response.status_code == 422, kind
        assert page.count(told) == 2
        assert re.findall(r'id="sign-question__(\w+)-error"', page) == [kind]
        marked = tag(page, f"sign-question__{kind}")
        assert 'aria-invalid="true"' in marked
        assert f'aria-describedby="sign-question__{kind}-error"' in marked
        assert f'href="#sign-question__{kind}"' in page
        assert "Kept Name" in page
        assert not Signature.objects.exists()
    assert post(site["portland"][language], **ANSWERS).status_code == 303


BAD_ANSWERS: list[tuple[str, Any]] = [
    ("text", "x" * 201),
    ("text", "nul\0"),
    ("text", "bell\x07"),
    ("text", "turned\u202eround"),
    ("long_text", "x" * 2001),
    ("long_text", "bytes\ufffd"),
    ("choice", "else"),
    ("choice", "x" * 100_000),
    ("choices", ["friend", "else"]),
    ("choices", "\0"),
    ("yes_no", "perhaps"),
]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_bad_answer_comes_back_with_its_message(site: SmallSite, language: str) -> None:
    shape_form(site)
    for name, value in BAD_ANSWERS:
        response = post(site["portland"][language], **{**ANSWERS, f"question__{name}": value})
        page = response.content.decode()
        case = (name, value[:20])
        assert response.status_code == 422, case
        assert 'aria-invalid="true"' in tag(page, f"sign-question__{name}"), case
        assert f'id="sign-question__{name}-error"' in page, case
        assert not Signature.objects.exists(), case


def test_answers_typed_are_still_there_after_a_mistake(site: SmallSite) -> None:
    shape_form(site)
    asked = post(site["portland"]["en"], **ANSWERS, email="olena@gmial.com").content.decode()
    changed = post(site["portland"]["en"], **ANSWERS, version="0" * 64).content.decode()
    for page in (asked, changed):
        assert 'value="School № 1"' in page
        assert "Line one\nLine two" in page
        ticked = re.findall(r'name="question_(\w+)" value="(\w*)"[^>]* checked', page)
        assert sorted(ticked) == [
            ("_choice", "news"),
            ("_choices", "friend"),
            ("_choices", "news"),
            ("_yes_no", "no"),
        ]


def test_nothing_is_ticked_before_somebody_ticks_it(site: SmallSite) -> None:
    shape_form(site)
    city = site["portland"]["en"]
    own = read(own_page(city))
    assert own.count("No answer") == 2
    shape_form(site, *KINDS)
    form = read(city.url)
    assert "No answer" not in form
    for shown, place in ((own, "own"), (form, "sign")):
        assert " checked" not in shown
        for kind in ("choice", "choices", "yes_no"):
            group = tag(shown, f"{place}-question__{kind}")
            assert group.startswith("<fieldset")
            assert ('role="radiogroup"' in group) == (kind != "choices")


def test_markup_in_an_answer_is_a_text_like_any_other(site: SmallSite) -> None:
    shape_form(site)
    page = post(site["portland"]["en"], question__text="<b>x</b>", name="").content.decode()
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_a_double_submit_keeps_one_signature_with_the_newest_answers(site: SmallSite) -> None:
    shape_form(site, *KINDS)
    page = site["portland"]["en"]
    post(page, **ANSWERS)
    drain()
    post(page, **{**ANSWERS, "question__text": "School № 2"})
    confirm_all()
    assert Signature.objects.get().answers["_text"] == "School № 2"


def test_a_confirmed_signature_keeps_its_answers_and_the_reply_is_the_same(site: SmallSite) -> None:
    shape_form(site, *KINDS)
    page = site["portland"]["en"]

    def reply(**answers: Any) -> tuple[int, int]:
        response = Client().post(address(page), fields(page, **answers), **OWN)
        return response.status_code, len(response["Location"])

    new = reply(**ANSWERS)
    confirm_all()
    assert reply(**{**ANSWERS, "question__text": "Forged"}) == new
    assert Signature.objects.get().answers["_text"] == "School № 1"


def test_questions_do_not_change_what_is_signed(site: SmallSite) -> None:
    page = site["portland"]["en"]
    version, number = page.words.checksum, TextVersion.objects.count()
    thanks = {"en": "Thanks.", "uk": "Дякуємо."}
    shape_form(site, thank_you_text=thanks, postcode_help={"en": "Why?", "uk": "Чому?"})
    assert type(page).objects.get(pk=page.pk).words.checksum == version
    assert TextVersion.objects.count() == number
    assert post(page, version=version).status_code == 303
