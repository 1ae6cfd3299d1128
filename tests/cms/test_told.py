"""What a page tells those who show it elsewhere: search engines, phones, whoever it is shared with."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from campaigns.models import PetitionPage, UpdatePage
from tests.support.factories import publish
from tests.support.kinds import SmallSite

CITY = "/{}/end-ties/portland-oregon/"


def html(address: str) -> str:
    return Client().get(address).content.decode()


def data(address: str) -> dict[str, Any]:
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html(address))
    told: dict[str, Any] = json.loads(found)
    return told


@pytest.mark.parametrize(("language", "other"), [("en", "uk"), ("uk", "en")])
def test_a_page_describes_itself_in_its_language(
    site: SmallSite, language: str, other: str
) -> None:
    found, page = data(CITY.format(language)), site["portland"][language]
    assert found["@type"] == "WebPage"
    assert found["inLanguage"] == language
    assert found["url"] == page.full_url
    assert found["name"] == PetitionPage.objects.get(pk=page.pk).heading
    assert found["isPartOf"]["url"] == site["home"][language].full_url
    assert found["workTranslation"] == [
        {"@type": "WebPage", "url": site["portland"][other].full_url, "inLanguage": other}
    ]


def test_news_say_when_they_came(site: SmallSite) -> None:
    city = PetitionPage.objects.get(pk=site["portland"]["en"].pk)
    news = UpdatePage(title="They met", slug="they-met", lead="A lead", locale=city.locale)
    city.add_child(instance=news)
    publish(news)
    found = data(f"{CITY.format('en')}they-met/")
    assert found["@type"] == "NewsArticle"
    assert found["headline"] == "They met"
    assert found["datePublished"] == news.date.isoformat()
    assert 'property="og:type" content="article"' in html(f"{CITY.format('en')}they-met/")


def test_what_stands_below_a_page_is_not_told_to_be_it(site: SmallSite) -> None:
    assert "ld+json" not in html("/en/end-ties/cities/")


def test_no_word_of_a_page_ends_its_data(site: SmallSite) -> None:
    page = PetitionPage.objects.get(pk=site["portland"]["en"].pk)
    page.own_heading = "</script><b>&"
    publish(page)
    assert data(CITY.format("en"))["name"] == "</script><b>&"


def test_both_languages_are_named(site: SmallSite) -> None:
    for language, others in (("en", ["uk_UA"]), ("uk", ["en_US"])):
        found = re.findall(
            'property="og:locale:alternate" content="([^"]*)"', html(CITY.format(language))
        )
        assert found == others


def test_the_sitemap_says_which_page_is_for_all_others(site: SmallSite) -> None:
    sitemap = html("/sitemap.xml")
    english = site["portland"]["en"].full_url
    for part in ("", "news/"):
        entry = f'hreflang="x-default" href="{english}"'
        # Once for each of the two languages.
        assert sitemap.count(entry) == 2, part
    assert 'hreflang="x-default" href="http://localhost/en/end-ties/cities/"' in sitemap
