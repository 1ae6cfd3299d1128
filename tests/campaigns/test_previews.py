"""Every page can be looked at in every state before it is published, and nothing is stored."""

import pytest
from django.test import Client
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from campaigns.models import Petition, PetitionEvent, TextVersion, TieEvent
from home.models import HomePage
from jobs.models import Job
from signatures.models import HashKey, Signature
from tests.support.factories import add_content
from tests.support.kinds import CityPages, Part, Response, SmallSite
from translations.submission import submit

pytestmark = pytest.mark.any_database

STATES = {
    "": ("I agree.", "Я погоджуюся."),
    "open": ("I agree.", "Я погоджуюся."),
    "not_yet_open": ("can be signed from", "Підписати цю петицію можна з"),
    "paused": ("is paused", "призупинено"),
    "closed": ("can no longer be signed", "підписати її вже не можна"),
    "won": ("This petition has won!", "Вимогу виконано!"),
    "errors": ("Please write your name.", "Вкажіть своє ім’я."),
    "check": ("Look for our email at", "Шукайте наш лист"),
    "confirm": ("One tap left: confirm", "Лишився один дотик: підтвердьте"),
    "thanks": ("Thank you for signing!", "Дякуємо за підпис!"),
    "mail_confirm": ("Thank you for signing", "Дякуємо, що підписали"),
    "mail_confirm_text": ("One tap left: confirm. Code", "Лишився один дотик: підтвердьте. Код"),
    "mail_already": ("has just signed with your email address", "щойно"),
    "mail_already_text": ("You have already signed:", "Ви вже підписали:"),
}
STORED = (Petition, PetitionEvent, TextVersion, TieEvent, Signature, HashKey, Job)


def rows() -> list[int]:
    return [model.objects.count() for model in STORED]


def draft(client: Client, page: Page, mode: str) -> Response:
    return client.get(f"/admin/pages/{page.pk}/view_draft/", {"mode": mode})


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("kind", ["campaign", "portland"])
def test_each_state_is_shown_in_the_pages_language_and_nothing_is_stored(
    moderator: Client, site: SmallSite, kind: Part, language: str
) -> None:
    page = site[kind][language]
    before = rows()
    for mode, told in STATES.items():
        response = draft(moderator, page, mode)
        assert response.status_code == 200, mode
        assert dict(zip(("en", "uk"), told, strict=True))[language] in response.text, mode
        assert rows() == before, mode


def test_every_preview_on_offer_is_tried_above(portland: CityPages) -> None:
    page = portland["en"]
    assert {name for name, _label in page.preview_modes} == {
        *STATES,
        "suspended",
        "ended",
        "unknown",
    }
    assert "ended" not in dict(page.campaign.preview_modes)


@pytest.mark.parametrize("status", ["suspended", "ended", "unknown"])
def test_a_city_is_shown_as_if_its_tie_were_so(
    moderator: Client, portland: CityPages, status: str
) -> None:
    before = rows()
    words = draft(moderator, portland["en"], status).content.decode()
    assert f'class="status status--{status}"' in words
    assert "Mayor of Portland: end" not in words
    assert rows() == before


def test_a_city_whose_tie_has_ended_is_shown_so(moderator: Client, portland: CityPages) -> None:
    before = rows()
    words = draft(moderator, portland["en"], "ended").content.decode()
    assert 'class="status status--ended"' in words
    assert rows() == before
    words = draft(moderator, portland["uk"], "ended").content.decode()
    assert "Оголошення міста" in words


def test_pages_of_text_are_previewed_in_their_language(moderator: Client, site: SmallSite) -> None:
    add_content(site)
    home = HomePage.objects.get(pk=site["home"]["uk"].pk)
    for page in (home, home.get_children().get(slug="about")):
        response = moderator.get(
            f"/admin/pages/{page.pk}/view_draft/", headers={"accept-language": "en"}
        )
        assert '<html lang="uk">' in response.content.decode()


def test_a_preview_may_be_shown_inside_the_editor(moderator: Client, portland: CityPages) -> None:
    response = draft(moderator, portland["en"], "")
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "wagtail-userbar" in response.content.decode(), "it carries Wagtail's own checks"
    public = Client().get(portland["en"].url)
    assert "frame-ancestors 'none'" in public["Content-Security-Policy"]
    assert "wagtail-userbar" not in public.content.decode()


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_new_campaign_is_previewed_before_it_is_first_saved(
    moderator: Client, site: SmallSite, language: str
) -> None:
    fields = {
        "title": "A new campaign",
        "slug": "new",
        "lead": "",
        "ask": "",
        "starter": "",
        "recipients": "",
        "consent_text": "",
        "share_text": "",
        "city_heading": "",
        "city_lead": "",
        "city_ask": "",
        "city_recipient": "",
        "city_share": "",
        "body": streamfield([]),
        "extra_questions": streamfield([]),
        "state_words": streamfield([]),
        "city_words": streamfield([]),
        "comments": inline_formset([]),
    }
    home = site["home"][language]
    address = f"/admin/pages/add/campaigns/campaignpage/{home.pk}/preview/"
    before = rows()
    answer = moderator.post(address, nested_form_data(fields)).json()
    assert answer == {"is_valid": True, "is_available": True}
    for mode in STATES:
        response = moderator.get(address, {"mode": mode, "in_preview_panel": "true"})
        assert response.status_code == 200, mode
        assert "A new campaign" in response.text or mode == "check", mode
        assert rows() == before, mode


def test_a_translator_looks_at_the_same_states(moderator: Client, site: SmallSite) -> None:
    page = site["campaign"]["en"]
    translation = submit(page, Locale.objects.get(language_code="uk"))
    address = f"/admin/localize/translate/{translation.pk}/preview/thanks/"
    assert STATES["thanks"][1] in moderator.get(address).content.decode()
