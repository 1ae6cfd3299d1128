"""The form as editors shape it: fields, questions of their own, thanks and closing words."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from campaigns.models import CampaignPage, Petition, PetitionPageBase, SignedText, TextVersion
from signatures.form.sign_form import SignForm
from signatures.keeping.erasing import erase_people
from signatures.models import Signature
from signatures.signing.tokens import own_token
from tests.conftest import Clock
from tests.signatures.posting import OWN, address, fields
from tests.signatures.posting import post as post_plain
from tests.support.factories import confirm_all, confirmed, make_user, publish, shown
from tests.support.kinds import CityPages, Response, SmallSite
from tests.support.logins import logged_in
from translations.submission import texts_of

QUESTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("text", "school", {"is_required": True}),
    ("choice", "heard", {"options": ["friend", "news"]}),
    ("choices", "help", {"options": ["tell", "write"]}),
    ("yes_no", "wrote", {}),
]
WORDS = {"en": "Question", "uk": "Запитання"}


def block(language: str, kind: str, key: str, more: dict[str, Any]) -> dict[str, Any]:
    value = {"label": f"{WORDS[language]} {key}", "help_text": "", "key": key, "is_required": False}
    value.update(more)
    if options := more.get("options"):
        value["options"] = [
            {
                "type": "item",
                "value": {"label": f"{WORDS[language]} {name}", "key": name},
                "id": f"option-{name}",
            }
            for name in options
        ]
    return {"type": kind, "value": value, "id": f"block-{key}"}


@pytest.fixture
def shaped(site: SmallSite) -> dict[str, Any]:
    """Four questions in both languages, and neither a postcode nor a comment."""
    for language, stale in site["campaign"].items():
        page = CampaignPage.objects.get(pk=stale.pk)
        page.extra_questions = json.dumps([block(language, *each) for each in QUESTIONS])
        page.asks_postcode = page.asks_comment = False
        page.city_thank_you = "Thank you from {city}." if language == "en" else "Дякуємо, {city}."
        closing = {"en": "The petition of {city} is over.", "uk": "Петицію {of_city} закрито."}
        page.city_closing = closing[language]
        site["campaign"][language] = publish(page)
    return site["portland"]


def post(page: PetitionPageBase, **changes: Any) -> Response:
    answers = {"question_school": "A school", **changes}
    return Client().post(address(page), fields(page, **answers), **OWN)


def own_page(page: PetitionPageBase, tail: str = "") -> str:
    token = own_token(Signature.objects.get())
    return Client().get(f"/{page.language}/signatures/{token}/{tail}").content.decode()


def test_the_form_asks_what_nobody_can_sign_without(shaped: dict[str, Any]) -> None:
    html = Client().get(shaped["uk"].url).content.decode()
    form = BeautifulSoup(html, "html.parser").select_one("form.sign-form")
    assert form is not None
    hidden = {"version", "email_asked", "nothing"}
    names = [str(field["name"]) for field in form.select("[name]") if field["name"] not in hidden]
    first = ["name", "email", "country", "lives_here"]
    assert names == [*first, "question_school", "consent", "discreet"]
    assert "Запитання school" in html
    assert "Запитання heard" not in html
    assert "style=" not in html


def test_what_may_stay_empty_is_asked_on_the_own_page(shaped: dict[str, Any]) -> None:
    confirmed(shaped["uk"])
    html = own_page(shaped["uk"])
    assert 'name="postcode"' not in html
    assert 'name="comment"' not in html
    assert 'name="show_name"' in html
    for _kind, key, _more in QUESTIONS[1:]:
        assert f"Запитання {key}" in html
        assert f'name="question_{key}"' in html
    assert 'name="question_school"' not in html
    assert "<legend>" in html


def test_answers_are_kept_typed_and_encrypted_and_shown_to_the_signer_alone(
    shaped: dict[str, Any],
) -> None:
    page = shaped["en"]
    optional = {"question_heard": "news", "question_help": ["tell", "write"]}
    response = post(page, **optional, question_wrote="no", postcode="12345")
    assert response.status_code == 303
    signature = Signature.objects.get()
    assert signature.answers == {"school": "A school"}
    confirm_all()
    signature.refresh_from_db()
    assert signature.answers == {"school": "A school"}, "the rest is proposed"
    own = f"/en/signatures/{own_token(signature)}/"
    chosen = {"action": "display", **optional, "question_wrote": "no", "postcode": "12345"}
    assert Client().post(own, chosen, **OWN).status_code == 303
    signature.refresh_from_db()
    assert signature.answers == {
        "school": "A school",
        "heard": "news",
        "help": ["tell", "write"],
        "wrote": False,
    }
    assert signature.postcode == "", "nobody asked for it"
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM signatures_signature")
        assert "school" not in str(cursor.fetchone())
    html = own_page(page)
    assert "Question school" in html
    assert "A school" in html
    assert "Thank you from Portland." in html
    assert "A school" in own_page(page, "download/")
    assert "A school" not in Client().get(page.url).content.decode()
    assert "A school" not in Client().get("/api/petitions/").content.decode()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"question_school": ""}, "school"),
        ({"question_school": "x\x07"}, "school"),
        ({"question_heard": "nonsense"}, "heard"),
        ({"question_help": ["nonsense"]}, "help"),
    ],
)
def test_a_wrong_answer_comes_back_with_its_message_and_what_was_typed(
    shaped: dict[str, Any], changes: dict[str, Any], key: str
) -> None:
    response = post(shaped["uk"], **{"name": "Збережене Ім’я", **changes})
    html = response.content.decode()
    assert response.status_code == 422
    assert f"sign-question_{key}-error" in html
    assert "Збережене Ім’я" in html
    assert not Signature.objects.exists()


def test_answers_outlive_a_new_wording_and_go_with_the_person(shaped: dict[str, Any]) -> None:
    page = shaped["en"]
    signature = confirmed(page, answers={"school": "A school", "heard": "news"})
    campaign = CampaignPage.objects.get(pk=page.get_parent().pk)
    raw = list(campaign.extra_questions.raw_data)
    raw[0]["value"]["label"] = "Your school, please"
    campaign.extra_questions = json.dumps(raw[:1])
    publish(campaign)
    own = Client().get(f"/en/signatures/{own_token(signature)}/").content.decode()
    assert "Your school, please" in own
    assert "heard" in own, "a question that is no longer asked is told by its key"
    erase_people(Signature.objects.all(), timezone.now())
    signature.refresh_from_db()
    assert signature.answers == {}


def test_a_data_officer_exports_answers_without_names_and_formulas(
    shaped: dict[str, Any],
) -> None:
    page = shaped["en"]
    confirmed(page, answers={"school": "=1+1", "help": ["tell"]})
    export = f"/admin/petitions/{page.petition_id}/answers.csv"
    user = make_user("officer")
    client = logged_in(user)
    assert client.get(export).status_code == 302
    for codename in ("access_admin", "view_signature"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    text = client.get(export).getvalue().decode()
    assert "Question school,Question heard" in text
    assert "'=1+1" in text
    assert "Question tell" in text
    assert "example.org" not in text


def test_closing_words_stand_in_place_of_the_form(shaped: dict[str, Any]) -> None:
    page = shaped["en"]
    Petition.objects.filter(pk=page.petition_id).update(closes_at=timezone.now())
    assert "The petition of Portland is over." in Client().get(page.url).content.decode()


@pytest.mark.parametrize(
    "questions",
    [
        [("text", "email", {})],
        [("text", "same", {}), ("text", "SAME", {})],
        [("text", "with space", {})],
        [("choice", "heard", {"options": ["one"]})],
        [("text", f"q{number}", {}) for number in range(11)],
    ],
)
def test_a_form_that_nobody_could_fill_in_is_refused(site: SmallSite, questions: list[Any]) -> None:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page.extra_questions = json.dumps([block("en", *each) for each in questions])
    with pytest.raises(ValidationError):
        page.extra_questions.stream_block.clean(page.extra_questions)


def test_labels_are_translated_and_keys_are_shared(shaped: dict[str, Any]) -> None:
    page = CampaignPage.objects.get(locale__language_code="en")
    texts = {
        segment.string.data
        for place, segments in texts_of(page).items()
        if place.startswith("extra_questions")
        for segment in segments
    }
    assert {"Question school", "Question heard", "Question friend"} <= texts
    assert not {"school", "heard", "friend"} & texts


@pytest.mark.parametrize("break_", ["\n\n", "\r\n\r\n", "\n \n\n"])
def test_a_sentence_of_the_consent_stands_beside_the_box_and_the_rest_in_a_fold(
    site: SmallSite, break_: str
) -> None:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page.consent_text = f"I agree to it.{break_}We keep it.\n\nNot for long."
    publish(page)
    city = type(site["portland"]["en"]).objects.get(pk=site["portland"]["en"].pk)
    form = BeautifulSoup(Client().get(city.url).content, "html.parser").select_one("form.sign-form")
    assert form is not None
    label, fold = form.select_one("label[for=sign-consent]"), form.select_one("details.fold")
    assert label is not None
    assert fold is not None
    assert label.text.strip() == "I agree to it."
    assert [each.text for each in fold.select("p")] == ["We keep it.", "Not for long."]
    text = TextVersion.objects.get(checksum=city.words.checksum, petition=city.petition_id)
    assert text.consent == page.consent_text, "what was shown is what is kept"


def test_a_consent_of_one_paragraph_stands_beside_the_box_as_a_whole() -> None:
    assert SignedText("en", "T", "A", " I agree.\nTo all. ").consent_parts == (
        "I agree.\nTo all.",
        "",
    )


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Ukraine", "United States", "", "Afghanistan", "Åland Islands"]),
        ("uk", ["Україна", "США", "", "Австралія", "Австрія"]),
    ],
)
def test_some_countries_come_first_and_the_others_by_name(
    site: SmallSite, language: str, names: list[str]
) -> None:
    for stale in site["campaign"].values():
        page = CampaignPage.objects.get(pk=stale.pk)
        page.first_countries = "ua, US ua"
        publish(page)
    city = site["portland"][language]
    for html in (Client().get(city.url).content, post_plain(city, country="UA", name="").content):
        select = BeautifulSoup(html, "html.parser").select_one("#sign-country")
        assert select is not None
        shown = [each.text for each in select.find_all(["option", "hr"])][1:]
        assert shown[:5] == names
        assert len(shown) == len(set(shown)) > 240, "none is there twice"
    assert select is not None
    assert [each["value"] for each in select.select("option[selected]")] == ["UA"]


@pytest.mark.parametrize("written", ["XX", "US; UA", "USA"])
def test_what_is_no_country_is_not_listed_first(written: str) -> None:
    with pytest.raises(ValidationError):
        CampaignPage._meta.get_field("first_countries").clean(written, None)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "I live in Portland"), ("uk", "Мій дім – у Портленді")]
)
def test_a_citys_form_asks_by_the_citys_name(site: SmallSite, language: str, words: str) -> None:
    assert words in Client().get(site["portland"][language].url).content.decode()


TOLD = {
    "en": "Nov. 26, 2030, at 2:38 a.m. (PST)",
    "uk": "26\u00a0листопада 2030\u00a0р. о 02:38 (UTC−8)",
}


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_page_tells_times_by_the_petitions_own_clock(
    portland: CityPages, clock: Clock, language: str
) -> None:
    page = portland[language]
    petitions = Petition.objects.filter(pk=page.petition_id)
    moment = datetime(2030, 11, 26, 10, 38, tzinfo=UTC)
    petitions.update(closes_at=moment)
    assert TOLD[language] in Client().get(page.url).content.decode()
    petitions.update(closes_at=None, opens_at=moment)
    told = TOLD[language].replace(" о ", ", ")
    assert told in Client().get(page.url).content.decode()
    petitions.update(opens_at=None, closes_at=moment.replace(year=2025))
    told = TOLD[language].replace("2030", "2025")
    assert told in Client().get(page.url).content.decode()


def test_the_page_tells_the_day_of_a_signature_by_the_petitions_own_calendar(
    portland: CityPages,
) -> None:
    page = portland["en"]
    signature = shown(page)
    moment = datetime(2026, 3, 2, 3, tzinfo=UTC)
    Signature.objects.filter(pk=signature.pk).update(confirmed_at=moment)
    assert "March 1, 2026" in Client().get(page.url).content.decode()


SENT = [
    {},
    {"name": "Olena", "email": "olena@", "country": "XX", "version": "old"},
    {"name": "", "email": "olena@gmial.com", "comment": "x" * 600, "nothing": "filled"},
    {"name": "O", "email": "o@example.org", "country": "UA", "consent": "on", "discreet": "on"},
    {"extra-school": "5", "extra-heard": "nowhere", "show_name": "on", "discreet": "on"},
]


@pytest.mark.any_database
@pytest.mark.parametrize("before", SENT[1:], ids=str)
def test_a_shared_form_says_what_one_of_ones_own_says(
    shaped: dict[str, Any], before: dict[str, str]
) -> None:
    """Whoever sent something before, at the same time or after."""
    page = shaped["en"]
    shared = SignForm.of(page, page.words, page.campaign.form_shape)
    others = shared.filled(query(before))
    others.is_valid()
    for each in SENT:
        own = SignForm.of(page, page.words, page.campaign.form_shape, query(each))
        mine = shared.filled(query(each))
        assert mine.is_valid() == own.is_valid()
        assert mine.errors == own.errors
        assert mine.cleaned_data == own.cleaned_data
        assert mine.as_div() == own.as_div()
        others.put("version", "newer")
        others.add_error(None, "Somebody else's.")
    assert not shared.is_bound


def query(sent: dict[str, str]) -> QueryDict:
    return QueryDict(urlencode(sent))
