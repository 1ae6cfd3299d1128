"""What a translator finds in the admin, and how work goes from hand to hand."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Locale, PageLogEntry
from wagtail_localize.models import StringTranslation, Translation

from campaigns.models import CampaignPage, CityName, UpdatePage
from cms.settings.environment import languages
from tests.support.editor import address
from tests.support.factories import make_city_petition, make_user, publish
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in, login
from tests.support.translating import fill, write
from translation_desk.changes import compare, tasks
from translation_desk.status import in_state, statuses
from translation_desk.workload import workload_of
from translations.gaps import gaps, translation_of
from translations.models import TranslationState
from translations.submission import submit, submit_everything

NAME = {
    "name": "Портленд",
    "of_form": "Портленда",
    "in_form": "у Портленді",
    "with_form": "з Портлендом",
    "region": "Орегон",
}


def change(pages: dict[str, CampaignPage], **texts: str) -> CampaignPage:
    english = CampaignPage.objects.get(pk=pages["en"].pk)
    for name, text in texts.items():
        setattr(english, name, text)
    return publish(english)


def test_a_page_that_nobody_sent_for_translation_is_named_on_the_home(
    translator: Client, pages: dict[str, CampaignPage]
) -> None:
    assert "Everything is translated." in translator.get("/admin/").text
    english = CampaignPage.objects.get(pk=pages["en"].pk)
    news = UpdatePage(title="News", slug="news-1", locale=english.locale, live=False)
    english.add_child(instance=news)
    assert "Everything is translated." in translator.get("/admin/").text, "a draft is nobody's work"
    publish(news)
    html = translator.get("/admin/").text
    assert "Everything is translated." not in html
    assert "1 live page was not sent for translation" in html


def test_the_editor_shows_exactly_what_changed(
    translator: Client, pages: dict[str, CampaignPage]
) -> None:
    assert "Everything is translated." in translator.get(address(pages["uk"])).text
    change(pages, ask="ENGLISH ask and more.")
    html = translator.get(address(pages["uk"])).text
    assert "1 text has changed since it was translated" in html
    assert "ENGLISH ask<ins> and more</ins>." in html
    assert "УКРАЇНСЬКЕ ask." in html
    assert "behind its source since" in html
    assert "It cannot be published without these" in html


def test_words_are_compared_not_letters() -> None:
    before, now = compare("We ask for nothing.", "We ask the mayor for help.")
    assert [piece.text for piece in before if piece.is_different] == ["nothing"]
    assert [piece.text for piece in now if piece.is_different] == ["the mayor ", "help"]


def test_a_changed_paragraph_is_told_from_a_new_one(pages: dict[str, CampaignPage]) -> None:
    english = CampaignPage.objects.get(pk=pages["en"].pk)
    items = list(english.body.get_prep_value())
    items[0]["value"] = "<p>ENGLISH two today.</p><p>Nothing of it was there before.</p>"
    english.body = json.dumps(items)
    publish(english)
    translation = translation_of(pages["uk"])
    assert translation
    changed, new = tasks(translation, CampaignPage)
    assert changed.previous_translation == "УКРАЇНСЬКЕ two."
    assert "".join(piece.text for piece in changed.before) == "ENGLISH two."
    assert new.before == []


def test_a_text_that_was_never_translated_is_new_whatever_it_was(site: SmallSite) -> None:
    english = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    translation = submit(english, Locale.objects.get(language_code="uk"))
    english.lead = "Another lead."
    publish(english)
    assert not any(task.before for task in tasks(translation, CampaignPage))


def test_each_gap_leads_to_its_text(moderator: Client, pages: dict[str, CampaignPage]) -> None:
    change(pages, ask="ENGLISH ask and more.")
    translation = translation_of(pages["uk"])
    assert translation
    (gap,) = gaps(translation, CampaignPage)
    response = moderator.post(address(pages["uk"]), {"action": "publish"}, follow=True)
    assert f'href="{address(pages["uk"])}{gap.anchor}"' in response.text
    props = response.context["props"]
    assert gap.segment in {each["id"] for each in json.loads(props)["segments"]}


def test_the_sources_editor_says_since_when_its_translation_waits(
    moderator: Client, pages: dict[str, CampaignPage]
) -> None:
    change(pages, ask="ENGLISH ask and more.")
    html = moderator.get(address(pages["en"])).text
    assert "1 text waits for its translation: Ukrainian, since" in html


def test_a_translation_is_stale_since_it_was_last_complete(
    pages: dict[str, CampaignPage],
) -> None:
    translation = translation_of(pages["uk"])
    assert translation
    change(pages, ask="ENGLISH a.")
    first = TranslationState.objects.get(translation=translation).stale_since
    change(pages, ask="ENGLISH b.", lead="ENGLISH c.")
    assert TranslationState.objects.get(translation=translation).stale_since == first
    fill(pages["uk"])
    change(pages, ask="ENGLISH d.")
    last = TranslationState.objects.get(translation=translation).stale_since
    assert first
    assert last
    assert last > first


def test_a_translator_hands_over_and_a_moderator_publishes(
    translator: Client, moderator: Client, pages: dict[str, CampaignPage]
) -> None:
    page = pages["uk"]
    change(pages, ask="ENGLISH ask and more.")
    translation = translation_of(page)
    assert translation
    ready = reverse("hand_over", args=[translation.pk])
    assert "Send for publishing" not in translator.get(address(page)).text
    refused = translator.post(ready, {"ready": "1"}, follow=True)
    assert "First translate the texts that visitors need." in refused.text
    fill(page)
    assert "Send for publishing" in translator.get(address(page)).text
    assert "is ready to be published" not in moderator.get("/admin/").text
    translator.post(ready, {"ready": "1"})
    assert PageLogEntry.objects.filter(page=page.pk, action="campaigns.handed_over").exists()
    home = moderator.get("/admin/").text
    assert "1 page is ready to be published" in home
    assert "is ready to be published" not in translator.get("/admin/").text
    uk = page.locale_id
    listed = moderator.get(f"/admin/reports/languages/?language={uk}&state=ready")
    assert [row.pk for row in listed.context["object_list"]] == [pages["en"].pk]
    assert "Sent for publishing: translator" in moderator.get(address(page)).text
    moderator.post(address(page), {"action": "publish"})
    assert "УКРАЇНСЬКЕ ask and more." in Client().get(page.url).text
    assert "is ready to be published" not in moderator.get("/admin/").text


def test_a_source_that_changes_again_takes_the_work_back(
    translator: Client, pages: dict[str, CampaignPage]
) -> None:
    translation = translation_of(pages["uk"])
    assert translation
    translator.post(reverse("hand_over", args=[translation.pk]), {"ready": "1"})
    assert TranslationState.objects.get().ready_by is not None
    change(pages, share_text="ENGLISH and more.")
    assert TranslationState.objects.get().ready_at is None
    translator.post(reverse("hand_over", args=[translation.pk]), {"ready": "1"})
    translator.post(reverse("hand_over", args=[translation.pk]), {"ready": ""})
    assert TranslationState.objects.get().ready_at is None


def test_nobody_hands_over_another_languages_page(
    site: SmallSite, pages: dict[str, CampaignPage]
) -> None:
    translation = translation_of(pages["uk"])
    assert translation
    client = logged_in(make_user("stranger", is_staff=True))
    client.post(reverse("hand_over", args=[translation.pk]), {"ready": "1"})
    assert not TranslationState.objects.filter(ready_at__isnull=False).exists()
    assert login("translator", "uk").get(reverse("hand_over", args=[9_999])).status_code == 405


def test_a_translator_may_not_stop_a_translation_or_repeat_its_source(
    translator: Client, pages: dict[str, CampaignPage]
) -> None:
    translation = translation_of(pages["uk"])
    assert translation
    translator.post(f"/admin/localize/translate/{translation.pk}/disable/", {"next": "/admin/"})
    assert translation_of(pages["uk"])
    props = json.loads(translator.get(address(pages["uk"])).context["props"])
    html = translator.get(address(pages["uk"])).text
    assert props["links"]["convertToAliasUrl"]
    assert "convert_to_alias" not in html


def test_stopping_a_translation_asks_and_the_report_then_says_so(
    site: SmallSite, pages: dict[str, CampaignPage]
) -> None:
    client = logged_in(make_user("publisher", is_staff=True, is_superuser=True))
    translation = translation_of(pages["uk"])
    assert translation
    door = f"/admin/localize/translate/{translation.pk}/disable/"
    asked = client.post(door, {"next": "/admin/"})
    assert "no longer reach the translators" in asked.text
    assert translation_of(pages["uk"]), "one press stops nothing"
    client.post(door, {"seen": asked.context["seen"]})
    assert translation_of(pages["uk"]) is None
    source = pages["en"]
    cell = statuses([source], [pages["uk"].locale])[source.pk]["uk"]
    assert str(cell.state) == "not translated"
    for state, number in (("stopped", 1), ("published", 0), ("complete", 0)):
        found = type(source).objects.filter(in_state(state, pages["uk"].locale), pk=source.pk)
        assert found.count() == number, state


def test_every_preview_stands_beside_the_texts_and_may_be_framed(
    translator: Client, pages: dict[str, CampaignPage]
) -> None:
    html = translator.get(address(pages["uk"])).text
    addresses = re.findall(r'<option value="(/admin/localize/[^"]+)"', html)
    assert len(addresses) == len(pages["uk"].preview_modes)
    for each in addresses:
        response = translator.get(each)
        assert response.status_code == 200
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]


def test_the_home_says_what_waits_in_the_languages_of_each(
    translator: Client, moderator: Client, pages: dict[str, CampaignPage]
) -> None:
    write(CampaignPage.objects.get(pk=pages["en"].pk), "OTHER")
    html = translator.get("/admin/").text
    assert "1 page with texts to translate" in html
    assert "1 published page is behind its source" in html
    uk = pages["uk"].locale_id
    assert f"/admin/reports/languages/?language={uk}&amp;state=waiting" in html
    assert "Translators: translator" in moderator.get("/admin/").text
    assert "waiting-heading" not in login("officer").get("/admin/").text


def test_what_waits_is_counted_in_as_many_queries_for_many_as_for_one(
    site: SmallSite, pages: dict[str, CampaignPage]
) -> None:
    user = make_user("boss", is_superuser=True)
    change(pages, ask="ENGLISH a.")
    workload_of(user)
    with CaptureQueriesContext(connection) as one:
        workload_of(user)
    write(CampaignPage.objects.get(pk=pages["en"].pk), "OTHER")
    for name in CityName.objects.filter(locale__language_code="en"):
        submit(name, pages["uk"].locale)
    with CaptureQueriesContext(connection) as many:
        waiting = workload_of(user)
    assert [(each.pages, each.stale, each.names) for each in waiting] == [(1, 1, 2)]
    assert len(one) == len(many)


@pytest.fixture
def portland(site: SmallSite) -> Translation:
    """Portland's name, submitted, and with nothing of it in Ukrainian."""
    city = site["portland"]["en"].tie.city
    CityName.objects.filter(city=city, locale__language_code="uk").delete()
    name = city.names.get(locale__language_code="en")
    return submit(name, Locale.objects.get(language_code="uk"))


def test_a_name_is_translated_in_a_form_and_shows_once_it_is_complete(
    translator: Client, portland: Translation
) -> None:
    form = reverse("translate_name", args=[portland.pk])
    assert "of Portland" in translator.get(form).text
    half = translator.post(form, {**NAME, "region": ""}, follow=True)
    assert "It shows once all its texts are there." in half.text
    assert not CityName.objects.filter(name="Портленд").exists()
    assert 'value="Портленд"' in translator.get(form).text
    whole = translator.post(form, NAME, follow=True)
    assert "is translated and shows" in whole.text
    assert "Портленда" in Client().get("/uk/end-ties/portland-oregon/").text
    worker = StringTranslation.objects.filter(locale=portland.target_locale).first()
    assert worker
    assert worker.last_translated_by.username == "translator"


def test_saving_a_name_leads_to_the_next_that_waits(
    translator: Client, portland: Translation, site: SmallSite
) -> None:
    other = site["portland"]["en"].tie.sister_city.names.get(locale__language_code="en")
    # One that visitors see already is changed by those who may publish.
    CityName.objects.filter(city=other.city, locale=portland.target_locale).delete()
    following = submit(other, portland.target_locale)
    form = reverse("translate_name", args=[portland.pk])
    response = translator.post(form, {**NAME, "next": "1"})
    assert response["Location"] == reverse("translate_name", args=[following.pk])
    words = {name: f"Хабаровськ {name}" for name in NAME}
    response = translator.post(response["Location"], {**words, "next": "1"})
    assert response["Location"].startswith("/admin/reports/languages/names/")


def test_a_name_that_is_too_long_is_refused_in_the_form(
    translator: Client, portland: Translation
) -> None:
    form = reverse("translate_name", args=[portland.pk])
    response = translator.post(form, {**NAME, "name": "П" * 81})
    assert "at most 80 characters" in response.text
    assert not CityName.objects.filter(locale=portland.target_locale, name__startswith="ПП")


def test_the_report_of_names_says_which_wait_and_leads_to_the_form(
    translator: Client, portland: Translation
) -> None:
    report = "/admin/reports/languages/names/"
    html = translator.get(report).text
    assert reverse("translate_name", args=[portland.pk]) in html
    assert "5 texts wait" in html
    for query, expected in (
        ("state=waiting", {"Portland"}),
        ("state=complete", {"Khabarovsk"}),
        ("q=Хабаровськ", {"Khabarovsk"}),
        ("days=1", set()),
        (f"language={portland.target_locale_id}&state=waiting", {"Portland"}),
    ):
        rows = translator.get(f"{report}?{query}").context["object_list"]
        assert {row.name for row in rows} == expected, query
    text = translator.get(f"{report}?export=csv").getvalue().decode()
    assert '"Portland, Oregon",not there,5,' in text


def test_a_changed_name_of_the_source_waits_at_once(
    moderator: Client, translator: Client, portland: Translation
) -> None:
    translator.post(reverse("translate_name", args=[portland.pk]), NAME)
    name = CityName.objects.get(name="Portland")
    fields = {field: getattr(name, field) for field in NAME}
    edit = f"/admin/snippets/campaigns/cityname/edit/{name.pk}/"
    moderator.post(edit, {**fields, "city": name.city_id, "region": "The State of Oregon"})
    cell = translator.get("/admin/reports/languages/names/?state=waiting").text
    assert "1 text waits" in cell
    assert "behind its source since" in cell


def test_pages_are_found_by_their_city_in_any_language(
    translator: Client, site: SmallSite, pages: dict[str, CampaignPage]
) -> None:
    for query in ("портленд", "Khabarovsk", "oregon"):
        response = translator.get(f"/admin/reports/languages/?city={query}")
        assert [page.title for page in response.context["object_list"]] == ["Portland, Oregon"]
    assert not translator.get("/admin/reports/languages/?city=nowhere").context["object_list"]


def test_age_counts_from_when_the_translation_was_last_complete(
    translator: Client, pages: dict[str, CampaignPage]
) -> None:
    change(pages, ask="ENGLISH ask and more.")
    old = timezone.now() - timedelta(days=3)
    TranslationState.objects.update(stale_since=old)
    for days, number in ((2, 1), (4, 0)):
        response = translator.get(f"/admin/reports/languages/?days={days}")
        assert len(response.context["object_list"]) == number


def test_the_report_leads_a_translator_to_what_they_may_edit(
    translator: Client, moderator: Client, pages: dict[str, CampaignPage]
) -> None:
    html = translator.get("/admin/reports/languages/").text
    assert address(pages["uk"]) in html
    assert address(pages["en"]) not in html
    assert address(pages["en"]) in moderator.get("/admin/reports/languages/").text


@pytest.mark.parametrize("report", ["", "names/"])
def test_the_reports_take_as_many_queries_for_many_cities_and_languages(
    moderator: Client, site: SmallSite, settings: Settings, report: str
) -> None:
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = languages("en,uk,pl")
    polish = Locale.objects.create(language_code="pl")
    campaign = {
        code: CampaignPage.objects.get(pk=page.pk) for code, page in site["campaign"].items()
    }
    for locale in (campaign["uk"].locale, polish):
        submit_everything(locale)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            response = moderator.get(f"/admin/reports/languages/{report}?state=waiting")
        assert response.context["object_list"]
        return len(queries)

    asked()
    few = asked()
    make_city_petition(campaign, "Tacoma", "Washington")
    for locale in (campaign["uk"].locale, polish):
        submit_everything(locale)
    assert asked() == few
