"""What is translated and not live is seen, handed over and published."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation

from campaigns.models import CampaignPage, CityName, PetitionPage
from home.models import HomePage
from tests.support.factories import make_user
from tests.support.kinds import Response, SmallSite
from tests.support.logins import login
from tests.support.snapshot import kept
from tests.support.translating import translate
from tests.translation_desk.blocks import FIRST, SECOND, set_body, text
from translation_desk.status import in_state, statuses, unpublished_sources
from translation_desk.workload import workload_of
from translations.submission import submit_everything


@pytest.fixture
@kept
def polish(site: dict[str, Any]) -> Locale:
    """A language into which everything is translated, and of which nothing is live."""
    locale = Locale.objects.create(language_code="pl")
    submit_everything(locale)
    for page in Page.objects.filter(locale=locale):
        translate(page.specific)
    for english in CityName.objects.filter(locale=Locale.get_default()):
        name = CityName.english(english.city, f"PL {english.name}")
        name.locale, name.translation_key = locale, english.translation_key
        name.save()
    return locale


def said(client: Client) -> str:
    return re.sub(r"\s+", " ", client.get("/admin/").content.decode())


def shown_statuses(response: Response) -> list[str]:
    """What the report of languages, or a translation's editor, calls the pages it shows."""
    html = response.content.decode()
    table = html.partition('<table class="listing')[2].partition("</table>")[0]
    panel = html.partition('id="state-heading"')[2].partition("</section>")[0]
    found = re.findall(
        r'<span class="w-status[^>]*>(.*?)</span>\s*(?:</a>|</td>|<p>|$)', table, re.S
    )
    found = found or re.findall(r'class="w-status[^>]*>(.*?)</span>', panel, re.S)
    return [re.sub(r"<[^>]*>|\s+", " ", each).strip() for each in found]


def publish_all(client: Client, locale: Locale) -> str:
    door = f"/admin/translations/all/{locale.language_code}/publish/"
    return client.post(door, follow=True).content.decode()


def live(locale: Locale) -> set[str]:
    return set(Page.objects.filter(locale=locale, live=True).values_list("slug", flat=True))


def test_complete_drafts_show_on_homes_in_mails_and_in_the_matrix(
    moderator: Client, polish: Locale, site: SmallSite
) -> None:
    assert unpublished_sources(polish).count() == 3
    html = said(moderator)
    assert "3 pages are translated and not live" in html
    assert "Publish all that is translated" in html
    report = moderator.get(f"/admin/reports/languages/?language={polish.pk}&state=unpublished")
    assert len(shown_statuses(report)) == 3
    assert set(shown_statuses(report)) == {"translated, not live"}
    english = site["campaign"]["en"]
    assert statuses([english], [polish])[english.pk]["pl"].is_unpublished
    assert not mail.outbox


def test_a_publisher_publishes_all_of_it_at_once_from_the_top(
    moderator: Client, polish: Locale, site: SmallSite
) -> None:
    html = publish_all(moderator, polish)
    assert "3 pages are published." in html
    assert len(live(polish)) == 3
    page = PetitionPage.objects.get(locale=polish)
    assert page.live
    assert not unpublished_sources(polish).exists()
    assert "translated and not live" not in said(moderator)


def test_what_fails_a_check_is_named_and_stays_a_draft(
    moderator: Client, polish: Locale, site: SmallSite
) -> None:
    campaign = CampaignPage.objects.get(locale=polish)
    StringTranslation.objects.filter(context__path="city_ask", locale=polish).update(
        data="{of_city"
    )
    html = publish_all(moderator, polish)
    assert "1 page is published." in html
    assert "A curly bracket stands alone" in html
    assert "First publish the page above it." in html, "of its cities"
    assert not CampaignPage.objects.get(pk=campaign.pk).live
    assert HomePage.objects.get(locale=polish).live


def test_an_incomplete_page_or_one_without_names_is_none_of_it(polish: Locale) -> None:
    CityName.objects.filter(locale=polish).first().delete()  # type: ignore[union-attr]
    StringTranslation.objects.filter(context__path="ask", locale=polish).delete()
    titles = set(unpublished_sources(polish).values_list("title", flat=True))
    assert titles == {"Home"}


def test_a_translator_hands_all_of_it_over_and_publishes_nothing(
    moderator: Client, polish: Locale
) -> None:
    translator = login("translator", "pl")
    html = said(translator)
    assert "Send all that is translated for publishing" in html
    assert "Publish all that is translated" not in html
    door = f"/admin/translations/all/{polish.language_code}/ready/"
    assert (
        "3 pages were sent for publishing." in translator.post(door, follow=True).content.decode()
    )
    assert Translation.objects.filter(state__ready_at__isnull=False).count() == 3
    assert "Send all that is translated for publishing" not in said(translator)
    assert "3 pages are ready to be published" in said(moderator)
    publish_all(translator, polish)
    assert live(polish) == set()
    assert login("officer").post(door).status_code in (302, 403)
    assert translator.get(door).status_code == 405


def test_a_live_page_with_newer_words_is_not_live_as_a_whole(
    moderator: Client, polish: Locale, site: SmallSite
) -> None:
    publish_all(moderator, polish)
    row = StringTranslation.objects.get(context__path="ask", locale=polish)
    row.data = "PL nowe."
    row.save()
    english = Page.objects.filter(pk=site["campaign"]["en"].pk)
    assert english.filter(in_state("unpublished", polish)).exists()
    assert not english.filter(in_state("complete", polish)).exists()
    publish_all(moderator, polish)
    assert CampaignPage.objects.get(locale=polish).ask == "PL nowe."


@pytest.mark.parametrize("was_live", [False, True])
def test_every_place_says_alike_what_is_translated_and_not_live(
    moderator: Client, polish: Locale, site: SmallSite, was_live: bool
) -> None:
    words = "translated, not live"
    if was_live:
        publish_all(moderator, polish)
        row = StringTranslation.objects.get(context__path="ask", locale=polish)
        row.data = "PL nowe."
        row.save()
        words = "published, but its newest translation is not live"
    page = CampaignPage.objects.get(locale=polish)
    report = f"/admin/reports/languages/?language={polish.pk}&state=unpublished"
    assert words in shown_statuses(moderator.get(report))
    assert shown_statuses(moderator.get(f"/admin/pages/{page.pk}/edit/")) == [words]
    table = moderator.get(f"{report}&export=csv").getvalue().decode()
    line = next(line for line in table.splitlines() if site["campaign"]["en"].title in line)
    assert words in line


def test_a_block_that_comes_back_is_handed_over_by_itself(
    moderator: Client, polish: Locale, site: SmallSite
) -> None:
    publish_all(moderator, polish)
    blocks = [text(FIRST, "One."), text(SECOND, "Two.")]
    page = set_body(site["campaign"]["en"], *blocks)
    translate(CampaignPage.objects.get(locale=polish))
    publish_all(moderator, polish)
    set_body(page, blocks[0])
    assert len(CampaignPage.objects.get(locale=polish).body) == 1
    set_body(page, *blocks)
    own = CampaignPage.objects.get(locale=polish)
    assert len(own.body) == 1, "a new block stays away"
    [ready] = Translation.objects.filter(
        source__object_id=own.translation_key, state__ready_at__isnull=False
    )
    assert ready.target_locale == polish
    seen = workload_of(make_user("boss", is_superuser=True))
    assert [each.ready for each in seen if each.locale == polish] == [1]
    moderator.post(f"/admin/pages/{own.pk}/edit/", {"action": "publish"})
    assert json.dumps(CampaignPage.objects.get(pk=own.pk).body.get_prep_value()).count("id") >= 2
