"""The report of pages by languages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from campaigns.models import CampaignPage, PetitionPage
from tests.support.factories import make_city_petition, make_user
from tests.support.kinds import SmallSite
from tests.support.translating import translate_all
from translation_desk.status import statuses
from translations.submission import submit

REPORT = "/admin/reports/languages/"


def titles(client: Client, query: str = "") -> set[str]:
    pages = client.get(REPORT + query).context["object_list"]
    return {page.title for page in pages}


def test_a_cell_says_what_waits_and_since_when(campaign_pages: dict[str, CampaignPage]) -> None:
    english, ukrainian = campaign_pages["en"], campaign_pages["uk"]
    translate_all(ukrainian, but="lead")
    cell = statuses([english], [ukrainian.locale])[english.pk]["uk"]
    assert cell.page is not None
    assert cell.page.pk == ukrainian.pk
    assert (cell.texts, cell.words) == (1, 2)
    assert cell.stale_since is not None
    translate_all(ukrainian)
    cell = statuses([english], [ukrainian.locale])[english.pk]["uk"]
    assert (cell.texts, cell.words, cell.stale_since) == (0, 0, None)


def test_the_report_shows_every_page_once_with_what_waits(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    response = admin.get(REPORT)
    assert {"Home", "End the ties", "Portland, Oregon"} == titles(admin)
    assert "texts wait" in response.content.decode()
    assert f"/admin/pages/{campaign_pages['uk'].pk}/edit/" in response.content.decode()


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("none", set()),
        ("draft", {"Portland, Oregon"}),
        ("published", {"Home", "End the ties"}),
        ("waiting", {"End the ties"}),
        ("stale", {"End the ties"}),
        ("complete", {"Home"}),
    ],
)
def test_the_report_is_filtered_by_state(
    admin: Client, campaign_pages: dict[str, CampaignPage], state: str, expected: set[str]
) -> None:
    PetitionPage.objects.get(locale__language_code="uk").unpublish()
    uk = Locale.objects.get(language_code="uk").pk
    assert titles(admin, f"?state={state}") == expected
    assert titles(admin, f"?state={state}&language={uk}") == expected


def test_the_report_is_filtered_by_campaign_title_and_age(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    pk = campaign_pages["en"].pk
    assert titles(admin, f"?campaign={pk}") == {"End the ties", "Portland, Oregon"}
    assert titles(admin, "?q=PORT") == {"Portland, Oregon"}
    assert titles(admin, "?days=1") == set()
    assert titles(admin, "?days=0") == {"End the ties"}


def test_the_report_is_exported(admin: Client, campaign_pages: dict[str, CampaignPage]) -> None:
    text = admin.get(f"{REPORT}?export=csv").getvalue().decode()
    assert "Page,Ukrainian: State,Ukrainian: Texts that wait" in text
    assert '"Portland, Oregon",published,0,0,' in text
    assert admin.get(f"{REPORT}?export=xlsx").getvalue().startswith(b"PK")


def test_the_report_takes_as_many_queries_for_many_cities_as_for_one(
    admin: Client, site: SmallSite
) -> None:
    submit(site["portland"]["en"], site["portland"]["uk"].locale)
    admin.get(REPORT)
    with CaptureQueriesContext(connection) as one:
        admin.get(REPORT)
    site["campaign"] = {
        code: CampaignPage.objects.get(pk=page.pk) for code, page in site["campaign"].items()
    }
    more = make_city_petition(site["campaign"], "Tacoma", "Washington")
    submit(more["en"], more["uk"].locale)
    with CaptureQueriesContext(connection) as two:
        assert len(titles(admin)) == 4
    assert len(two) == len(one)


def test_staff_without_pages_may_not_see_the_report(site: SmallSite) -> None:
    client = Client()
    client.force_login(make_user("officer"))
    assert client.get(REPORT).status_code == 302
