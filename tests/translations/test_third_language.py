"""A third language is a matter of configuration."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import Settings
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from accounts.roles import TRANSLATORS
from campaigns.models import CampaignPage, CityName, PetitionPage, UpdatePage
from cms.settings.environment import SettingError, languages
from home.models import HomePage
from jobs.worker import drain
from staff.assigning import assign
from tests.support.factories import make_signature, make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in
from tests.support.po import as_poedit_saves, confirm, download, one, upload
from tests.support.snapshot import kept
from translations.publishing import UntranslatedError
from translations.submission import make_draft, publish, submit

NAME_FIELDS = ("name", "of_form", "in_form", "with_form", "region")
CSS = Path(__file__).resolve().parent.parent.parent / "cms" / "static" / "css"


@pytest.fixture
def polish(site: SmallSite, settings: Settings) -> Locale:
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = languages("en,uk,pl")
    return added("pl")


@kept
def added(code: str) -> Locale:
    call_command("add_language", code)
    return Locale.objects.get(language_code=code)


def translate_by_po(page: Page, locale: Locale) -> Page:
    """As a translator does who works outside: every text gets its translation in the file."""
    page = type(page).objects.get(pk=page.pk)
    translation = Translation.objects.get(
        source__object_id=page.translation_key, target_locale=locale
    )
    client, door = Client(), f"{one(translation)}upload/"
    client.force_login(make_user(f"boss-{page.pk}", is_staff=True, is_superuser=True))
    po = download(client, translation)
    code = locale.language_code
    seen = upload(client, door, as_poedit_saves(po, lambda entry: f"PL {entry.msgid}", code))
    confirm(client, door, seen)
    translation.save_target(publish=False)
    target = page.get_translation(locale)
    publish(target)
    target.refresh_from_db()
    return target


@pytest.mark.parametrize("value", ["uk,en", "en,xx", "en,en", ""])
def test_wrong_languages_are_refused_with_one_sentence(value: str) -> None:
    with pytest.raises(SettingError, match="LANGUAGES is wrong"):
        languages(value)


def test_a_new_language_starts_with_drafts_of_everything(polish: Locale) -> None:
    pages = [model.objects.get(locale=polish) for model in (HomePage, CampaignPage, PetitionPage)]
    assert not any(page.live for page in pages)
    assert PetitionPage.objects.get(locale=polish).slug == "portland-oregon"
    assert Translation.objects.filter(target_locale=polish).count() == 5
    call_command("add_language", "pl")
    assert Translation.objects.filter(target_locale=polish).count() == 5


@pytest.mark.parametrize("code", ["fr", "en"])
def test_only_a_configured_language_other_than_the_source_is_added(
    site: SmallSite, code: str
) -> None:
    with pytest.raises(CommandError):
        call_command("add_language", code)


def test_a_page_translated_into_it_is_found_everywhere(site: SmallSite, polish: Locale) -> None:
    client = Client()
    for page in (site["home"]["en"], site["campaign"]["en"]):
        translate_by_po(page, polish)
    html = client.get("/pl/end-ties/").content.decode()
    assert '<html lang="pl">' in html
    assert "PL End the ties" in html
    assert "Polski" in client.get("/en/end-ties/").content.decode()
    for language in ("en", "uk", "pl"):
        html = client.get(f"/{language}/end-ties/").content.decode()
        for other in ("en", "uk", "pl"):
            assert f'hreflang="{other}" href="http://localhost/{other}/end-ties/"' in html
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "<loc>http://localhost/pl/end-ties/</loc>" in sitemap
    assert "/pl/end-ties/portland-oregon/" not in sitemap
    assert client.get("/", headers={"accept-language": "pl"})["Location"] == "/pl/"


def test_a_city_page_not_yet_translated_says_where_it_can_be_read(
    site: SmallSite, polish: Locale
) -> None:
    response = Client().get("/pl/end-ties/portland-oregon/")
    assert response.status_code == 200
    html = response.content.decode()
    assert 'href="/en/end-ties/portland-oregon/" lang="en"' in html
    assert 'href="/uk/end-ties/portland-oregon/" lang="uk"' in html


def test_a_city_that_lost_its_name_is_named_in_the_source_language_and_marked(
    site: SmallSite, polish: Locale
) -> None:
    for page in (site["home"]["en"], site["campaign"]["en"]):
        translate_by_po(page, polish)
    page = PetitionPage.objects.get(locale=polish)
    with pytest.raises(UntranslatedError):
        publish(page)
    for city in (page.tie.city, page.tie.sister_city):
        name = CityName.english(city, f"PL {city.key}")
        name.locale = polish
        name.translation_key = city.names.get(locale__language_code="en").translation_key
        name.save()
    publish(PetitionPage.objects.get(locale=polish))
    CityName.objects.filter(locale=polish).delete()
    html = Client().get("/pl/end-ties/portland-oregon/").content.decode()
    assert '<b><span lang="en">Portland</span></b>' in html


def test_a_signer_gets_the_mail_in_it(site: SmallSite, polish: Locale) -> None:
    for page in (site["home"]["en"], site["campaign"]["en"]):
        translate_by_po(page, polish)
    make_signature(CampaignPage.objects.get(locale=polish))
    assert drain() == 1
    message = mail.outbox[-1]
    assert isinstance(message, EmailMultiAlternatives)
    assert "/pl/signatures/" in str(message.body)
    assert "PL End the ties" in str(message.body)
    assert 'lang="pl"' in str(message.alternatives[0][0])


def test_news_and_their_feed_are_there_in_it(site: SmallSite, polish: Locale) -> None:
    english = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    news = UpdatePage(title="It is done", slug="done", lead="A lead.", locale=english.locale)
    english.add_child(instance=news)
    publish(news)
    for page in (site["home"]["en"], english):
        translate_by_po(page, polish)
    make_draft(submit(news, polish), news, polish)
    client = Client()
    assert "It is done" not in client.get("/pl/end-ties/feed/").text, "not before it is translated"
    translate_by_po(UpdatePage.objects.get(pk=news.pk), polish)
    feed = client.get("/pl/end-ties/feed/").text
    assert "PL It is done" in feed
    assert "http://localhost/pl/end-ties/done/" in feed
    assert "<language>pl</language>" in feed or 'xml:lang="pl"' in feed
    assert "PL " not in client.get("/en/end-ties/feed/").text


def test_public_data_name_its_addresses_and_titles(site: SmallSite, polish: Locale) -> None:
    for page in (site["home"]["en"], site["campaign"]["en"]):
        translate_by_po(page, polish)
    petition = site["campaign"]["en"].petition_id
    data = Client().get(f"/api/petitions/{petition}/").json()
    assert data["url"]["pl"].endswith("/pl/end-ties/")
    assert data["title"]["pl"] == "PL End the ties"


def test_a_city_whose_name_a_translator_wrote_shows_under_it(
    site: SmallSite, polish: Locale
) -> None:
    for page in (site["home"]["en"], site["campaign"]["en"]):
        translate_by_po(page, polish)
    user = make_user("ola")
    assign(user, TRANSLATORS, "pl")
    client = logged_in(user)
    names = CityName.objects.filter(locale__language_code="en")
    for name in names:
        translation = Translation.objects.get(
            source__object_id=name.translation_key, target_locale=polish
        )
        texts = {field: f"PL {getattr(name, field)}" for field in NAME_FIELDS}
        client.post(f"/admin/translations/{translation.pk}/name/", texts)
    publish(PetitionPage.objects.get(locale=polish))
    html = Client().get("/pl/end-ties/portland-oregon/").text
    assert "PL Mayor PL of Portland: end the tie PL with Khabarovsk" in html
    assert '<span lang="en">Portland' not in html


def test_a_language_written_from_right_to_left_turns_the_page(
    site: SmallSite, settings: Settings
) -> None:
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = languages("en,uk,ar")
    html = Client().get("/ar/").content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert 'dir="rtl"' not in Client().get("/uk/").content.decode()
    call_command("add_language", "ar")
    arabic = Locale.objects.get(language_code="ar")
    for page in (site["home"]["en"], site["campaign"]["en"]):
        translate_by_po(page, arabic)
    html = Client().get("/ar/end-ties/").content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert "PL End the ties" in html


def test_styles_know_start_and_end_and_neither_left_nor_right() -> None:
    sides = re.compile(r"(?:margin|padding|border|inset)-(?:left|right)|(?:^|\s)(?:left|right):")
    for path in CSS.glob("*.css"):
        text = path.read_text()
        assert not sides.search(text), path.name
        assert not re.search(r"(?:text-align|float):\s*(?:left|right)", text), path.name
