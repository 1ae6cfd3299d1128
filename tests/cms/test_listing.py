"""What visitors cannot see is listed nowhere."""

import pytest
from django.test import Client

from campaigns.models import CampaignPage, Petition, PetitionPage
from tests.signatures.posting import post
from tests.support.factories import make_city_petition
from tests.support.kinds import SmallSite


def seen(address: str, status: int = 200) -> str:
    response = Client().get(address)
    assert response.status_code == status, address
    return response.content.decode()


def unpublish_campaign(site: SmallSite, *languages: str) -> None:
    """The campaign's page alone: its city pages stay live in the database."""
    for language in languages:
        CampaignPage.objects.get(pk=site["campaign"][language].pk).unpublish()
    assert PetitionPage.objects.filter(live=True).count() == 2


def test_without_its_campaign_a_city_is_listed_nowhere(site: SmallSite) -> None:
    page = site["portland"]["en"]
    unpublish_campaign(site, "en", "uk")
    seen(page.url, 404)
    assert page.url not in seen("/sitemap.xml")
    assert seen("/api/petitions/") == '{"petitions": [], "next": null}'
    seen(f"/api/petitions/{page.petition_id}/", 404)
    assert page.url not in seen("/en/?q=portland")
    assert page.url not in seen("/en/")
    assert site["home"]["en"].find("portland").rows == []
    petition = Petition.objects.get(pk=page.petition_id)
    assert not petition.live_pages().exists()
    assert not petition.is_open
    assert post(page).status_code == 409, "nobody signs what nobody can read"


def test_where_one_language_s_campaign_is_missing_the_other_s_city_stays(
    site: SmallSite,
) -> None:
    english, ukrainian = site["portland"]["en"], site["portland"]["uk"]
    unpublish_campaign(site, "uk")
    html = seen(english.url)
    assert f'hreflang="uk" href="{ukrainian.full_url}"' not in html
    assert ukrainian.full_url not in html, "no address that leads nowhere"
    sitemap = seen("/sitemap.xml")
    assert english.url in sitemap
    assert ukrainian.url not in sitemap
    [told] = [
        each
        for each in Client().get("/api/petitions/").json()["petitions"]
        if each["id"] == str(english.petition_id)
    ]
    assert list(told["url"]) == list(told["title"]) == ["en"]
    assert list(told["tie"]["city"]) == ["en"]
    assert told["is_open"]
    assert ukrainian.url not in seen("/uk/?q=portland")
    elsewhere = seen(ukrainian.url)
    assert "Ще не вашою мовою" in elsewhere
    assert f'href="{english.url}"' in elsewhere


def test_no_other_language_offers_a_city_without_its_campaign(site: SmallSite) -> None:
    english = site["portland"]["en"]
    unpublish_campaign(site, "uk")
    PetitionPage.objects.get(pk=english.pk).unpublish()
    seen(english.url, 404)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_with_its_campaign_a_city_is_listed_everywhere_once(site: SmallSite, language: str) -> None:
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")[language]
    assert seen("/sitemap.xml").count(f"<loc>{tacoma.full_url}</loc>") == 1
    listed = [each["id"] for each in Client().get("/api/petitions/").json()["petitions"]]
    assert len(listed) == len(set(listed)) == 3
    assert tacoma.url in seen(f"/{language}/?q=tacoma")
    assert tacoma.url in seen(f"/{language}/end-ties/cities/")
