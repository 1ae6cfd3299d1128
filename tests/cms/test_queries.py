"""What a page asks of the database does not grow with what there is, and is little."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from campaigns.models import CampaignPage, City, PetitionPage, UpdatePage
from home.models import HomePage
from pagecache.versions import reader
from tests.library.images import made_image
from tests.support.factories import evidence, publish, quote
from tests.support.kinds import SmallSite

MOST = 12
CITY = "end-ties/portland-oregon/"
# The second of the towns has an ended tie.
CITY_PAGES = [CITY, "end-ties/town-11/", "end-ties/town-10/", "end-ties/"]
OTHERS = ["", "?q=town", "end-ties/cities/", "end-ties/cities/?status=won"]
OTHERS += ["end-ties/news/", "end-ties/feed/", f"{CITY}news/", f"{CITY}feed/", f"{CITY}news-0/"]
LISTS = ["/sitemap.xml?p=1", "/api/petitions/"]

Grow = Callable[[int], None]


def in_both(parts: list[str]) -> list[str]:
    return [f"/{language}/{part}" for language in ("en", "uk") for part in parts]


def asked(address: str) -> list[str]:
    """By a visitor of a process that has answered such requests before."""
    for _time in range(2):
        assert Client().get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as queries:
        Client().get(address)
    return [each["sql"] for each in queries]


def add_news(page: CampaignPage | PetitionPage, number: int) -> None:
    news = UpdatePage(title="News", slug=f"news-{number}", lead="Lead", locale=page.locale)
    type(page).objects.get(pk=page.pk).add_child(instance=news)
    publish(news)


def body(number: int, home: HomePage) -> list[Any]:
    """Blocks of all kinds, so many of each, with pictures, cities and pages of their own."""
    link = f'<p><a linktype="page" id="{home.pk}">Home</a></p>'
    blocks: list[Any] = []
    for _number in range(number):
        city = City.objects.get(key="khabarovsk-khabarovsk-krai")
        pictures = [made_image(), made_image()]
        for picture in pictures:
            picture.contextual_alt_text, picture.decorative = "A view", False
        call = {"heading": "A call", "text": "", "button": "Read on", "page": home}
        blocks += [
            ("text", link),
            ("reason", {"heading": "A reason", "text": link}),
            ("picture", {"image": pictures[0], "caption": "A view"}),
            ("evidence", {**evidence("What happened", ""), "city": city, "image": pictures[1]}),
            ("quote", quote("Words.")),
            ("call_to_action", call),
        ]
    return blocks


@pytest.fixture
def grow(site: SmallSite, settings: Settings) -> Grow:
    """Makes everything as many times as it is told; what was there before counts with it."""
    settings.VERSION_SECONDS = 60.0

    def make(times: int) -> None:
        news = UpdatePage.objects.count() // 4
        for language in ("en", "uk"):
            for model, part in ((CampaignPage, "campaign"), (PetitionPage, "portland")):
                page: Any = model.objects.get(pk=site[part][language].pk)  # type: ignore[literal-required]
                page.body = body(times, site["home"][language])
                publish(page)
                for number in range(news, times):
                    add_news(page, number)
        sizes = {"cities": 15 * times, "signatures": 150 * times}
        reader.next_look = 0.0
        call_command("generate_load", **sizes, stdout=io.StringIO())

    return make


def test_no_page_asks_more_where_there_is_more(grow: Grow) -> None:
    addresses = [*in_both(CITY_PAGES + OTHERS), *LISTS]
    grow(1)
    few = {address: len(asked(address)) for address in addresses}
    grow(3)
    assert {address: len(asked(address)) for address in addresses} == few


def test_pages_of_petitions_ask_little(site: SmallSite, grow: Grow) -> None:
    for language, words in (("en", "{mayor}, {state}"), ("uk", "{mayor} ({state})")):
        campaign = CampaignPage.objects.get(pk=site["campaign"][language].pk)
        campaign.city_recipient = campaign.city_ask = words
        publish(campaign)
    grow(2)
    for address in in_both(CITY_PAGES):
        queries = asked(address)
        assert len(queries) <= MOST, "\n".join([address, *queries])
