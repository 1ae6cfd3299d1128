"""What is taken down takes along what is below it: for visitors, and for search engines."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page

from campaigns.models import CampaignPage, PetitionPage, UpdatePage
from home.templatetags.site import language_with_territory
from tests.support.factories import publish
from tests.support.kinds import Part, SmallSite

CAMPAIGN = "/{}/end-ties/"
CITY = "/{}/end-ties/portland-oregon/"


def add_news(parent: Page, slug: str) -> UpdatePage:
    page = UpdatePage(title="News", slug=slug, lead="Lead", locale=parent.locale)
    type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    publish(page)
    return page


@pytest.fixture
def newsy(site: SmallSite) -> SmallSite:
    add_news(site["campaign"]["en"], "of-all")
    add_news(site["portland"]["en"], "of-one")
    return site


def status(address: str) -> int:
    return Client().get(address).status_code


def is_served(address: str) -> bool:
    """Not where only a word about another language's page is."""
    response = Client().get(address)
    return response.status_code == 200 and "X-Robots-Tag" not in response


def take_down(page: Page) -> None:
    Page.objects.filter(pk=page.pk).update(live=False)


NEWS = [f"{CAMPAIGN}of-all/", f"{CITY}of-one/"]


@pytest.mark.parametrize("address", [CAMPAIGN, CITY, *NEWS])
def test_below_a_page_that_was_taken_down_nothing_is_served(newsy: SmallSite, address: str) -> None:
    address = address.format("en")
    assert is_served(address)
    for above in ("portland", "campaign", "home"):
        page = newsy[above]["en"]
        if page.url not in address or page.url == address:
            continue
        take_down(page)
        assert not is_served(address)
        assert address not in Client().get("/sitemap.xml").content.decode()
        Page.objects.filter(pk=page.pk).update(live=True)
        assert is_served(address)


@pytest.mark.parametrize("above", ["home", "campaign"])
def test_no_page_names_a_translation_below_one_that_was_taken_down(
    newsy: SmallSite, above: Part
) -> None:
    for page in (CAMPAIGN, f"{CAMPAIGN}cities/", CITY):
        html = Client().get(page.format("en")).content.decode()
        assert 'hreflang="uk" href="http' in html
    take_down(newsy[above]["uk"])
    for page in (CITY, *([CAMPAIGN] if above == "home" else [])):
        html = Client().get(page.format("en")).content.decode()
        assert 'rel="alternate" hreflang="uk"' not in html
    sitemap = Client().get("/sitemap.xml").content.decode()
    assert "/en/end-ties/portland-oregon/" in sitemap
    assert "/uk/end-ties/portland-oregon/" not in sitemap


def test_the_sitemap_has_the_tracker_and_news(newsy: SmallSite) -> None:
    sitemap = Client().get("/sitemap.xml").content.decode()
    listed = re.findall(r"<loc>([^<]*)</loc>", sitemap)
    for path in ("cities/", "news/", "portland-oregon/news/", "of-all/", "portland-oregon/of-one/"):
        assert [url for url in listed if url.endswith(f"/en/end-ties/{path}")], path
    assert re.search(r'hreflang="uk" href="[^"]*/uk/end-ties/cities/"', sitemap)
    assert len(listed) == len(set(listed))
    for url in listed:
        assert status(urlsplit(url).path) == 200, url


def test_the_sitemap_asks_no_more_for_more_cities(
    newsy: SmallSite, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from campaigns.pages.petition_base import PetitionPageBase

    page = PetitionPage.objects.get(pk=newsy["portland"]["en"].pk)
    with django_assert_num_queries(0):
        assert PetitionPageBase.parts_below(page) == ["news/"]
    assert CampaignPage.objects.get(pk=newsy["campaign"]["en"].pk).parts_below()[0] == "cities/"


@pytest.mark.parametrize(("code", "told"), [("en", "en_US"), ("uk", "uk_UA"), ("pt-br", "pt_BR")])
def test_open_graph_gets_a_language_with_its_territory(code: str, told: str) -> None:
    assert language_with_territory(code) == told


@pytest.mark.django_db
def test_pages_say_it(site: SmallSite) -> None:
    html = Client().get(CITY.format("uk")).content.decode()
    assert '<meta property="og:locale" content="uk_UA">' in html


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize(
    "path",
    ["/end-ties/", "/end-ties/portland-oregon/", "/end-ties/cities/?sort=date", "/signatures/x/"],
)
def test_an_address_without_its_language_leads_on(
    site: SmallSite, language: str, path: str
) -> None:
    response = Client().get(path, headers={"accept-language": language})
    assert response.status_code == 302
    assert response["Location"] == f"/{language}{path}"
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize(
    "path", ["/nothing/", "/end-ties/nothing/", "/wp-login.php", "/dev/../x/", "/a.b/"]
)
def test_what_is_nowhere_leads_nowhere(site: SmallSite, path: str) -> None:
    assert status(path) == 404
