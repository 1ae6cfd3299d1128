"""Each claim at an address of its own, with a citation; those about cities with their pairs."""

import json
import re
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from campaigns.models import CampaignPage, City, Petition, PetitionPage
from campaigns.pages.claims import LONGEST, addresses_below, find_claim
from tests.support.factories import evidence, publish
from tests.support.kinds import CityPages, SmallSite

GENERAL, LOCAL, OWN, LONELY = (f"{n}aaaaaaa-0000-4000-8000-000000000000" for n in range(1, 5))


def stored(block_id: str, heading: str, city: City | None = None) -> dict[str, Any]:
    value = {**evidence(heading, ""), "city": city and city.pk}
    value["image"] = {"image": None, "alt_text": "", "decorative": False}
    if heading.startswith("Про"):
        value |= {"what_happened": "<p>Це сталося.</p>", "when": "Весна 2022 року"}
    return {"type": "evidence", "id": block_id, "value": value}


def put(page: CampaignPage | PetitionPage, *blocks: dict[str, Any]) -> None:
    page = type(page).objects.get(pk=page.pk)
    page.body = page.body.stream_block.to_python(list(blocks))
    publish(page)


@pytest.fixture
def claims(site: SmallSite) -> SmallSite:
    """About nobody, about the sister city, about a city of no pair, and a city page's own."""
    sister = site["portland"]["en"].tie.sister_city
    lonely = City.objects.create(key="tula-tula-oblast", region="Tula Oblast", country="RU")
    for language, words in (("en", "About"), ("uk", "Про")):
        put(
            site["campaign"][language],
            stored(GENERAL, f"{words} all"),
            stored(LOCAL, f"{words} Khabarovsk", sister),
            stored(LONELY, f"{words} Tula", lonely),
        )
    put(site["portland"]["en"], stored(OWN, "About the pair"))
    return site


def read(address: str) -> BeautifulSoup:
    response = Client().get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content.decode(), "html.parser")


def address(site: SmallSite, block_id: str, language: str = "en") -> str:
    return f"{site['campaign'][language].url}evidence/{block_id[:8]}/"


def linked(page: BeautifulSoup) -> dict[str, list[str]]:
    """The claims below each heading of the evidence about cities."""
    section = page.select_one("section.pairs")
    assert section is not None
    return {
        heading.get_text(" ", strip=True): [
            str(a["href"])
            for a in heading.find_next("ul").select("a")  # type: ignore[union-attr]
        ]
        for heading in section.select("h3")
    }


PAIR = "Portland, Oregon – Khabarovsk, Khabarovsk Krai"


def test_the_campaigns_page_shows_all_evidence_about_cities_by_pair(claims: SmallSite) -> None:
    assert linked(read(claims["campaign"]["en"].url)) == {
        PAIR: [address(claims, LOCAL), address(claims, OWN)],
        "About other cities": [address(claims, LONELY)],
    }


def test_so_does_the_list_of_all_cities_with_the_cities_that_it_shows(
    claims: SmallSite, tacoma: CityPages
) -> None:
    url = f"{claims['campaign']['en'].url}cities/"
    found = linked(read(url))
    assert found[PAIR] == [address(claims, LOCAL), address(claims, OWN)]
    assert [*found] == [PAIR, "Tacoma, Washington – Khabarovsk, Khabarovsk Krai"]
    assert read(f"{url}?q=nowhere").select("section.pairs") == []


def test_what_a_citys_page_hides_is_not_listed_with_its_pair(claims: SmallSite) -> None:
    Petition.objects.filter(tie__isnull=False).update(hidden_blocks=[LOCAL])
    assert linked(read(claims["campaign"]["en"].url))[PAIR] == [address(claims, OWN)]
    concerned = f'main a[href="{claims["portland"]["en"].url}"]'
    assert not read(address(claims, LOCAL)).select(concerned)
    assert read(address(claims, OWN)).select(concerned)


@pytest.mark.parametrize("block_id", [GENERAL, LOCAL, OWN, LONELY])
def test_a_claims_address_stays_when_blocks_change_places(claims: SmallSite, block_id: str) -> None:
    page = CampaignPage.objects.get(pk=claims["campaign"]["en"].pk)
    heading = read(address(claims, block_id)).h1
    put(page, *reversed(page.body.raw_data))
    assert read(address(claims, block_id)).h1 == heading


def test_a_claims_address_is_the_same_in_each_language_that_has_it(claims: SmallSite) -> None:
    english, ukrainian = (read(address(claims, LOCAL, each)) for each in ("en", "uk"))
    assert ukrainian.h1
    assert ukrainian.h1.get_text() == "Про Khabarovsk"
    for page in (english, ukrainian):
        others = {link["hreflang"] for link in page.select("link[hreflang]")}
        assert {"en", "uk"} <= others
    # The city's own claim was not translated yet.
    own = read(address(claims, OWN))
    assert "uk" not in {link["hreflang"] for link in own.select("link[hreflang]")}


def test_a_claim_is_marked_where_it_stands_and_leads_to_its_address(claims: SmallSite) -> None:
    for page in (claims["campaign"]["en"], claims["portland"]["en"]):
        block = read(page.url).select_one(f"#claim-{GENERAL[:8]}")
        assert block is not None
        assert block.select_one(f'a[href="{address(claims, GENERAL)}"]')


def test_no_level_of_headings_is_left_out_on_its_page(claims: SmallSite) -> None:
    main = read(address(claims, GENERAL)).select("main")[0]
    levels = [int(heading.name[1]) for heading in main.select("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_what_is_no_claim_has_no_address(claims: SmallSite) -> None:
    for key in ("9aaaaaaa", "1", "aaaaaaa", "1aaaaaaa-0000"):
        url = f"{claims['campaign']['en'].url}evidence/{key}/"
        assert Client().get(url).status_code == 404
    page = PetitionPage.objects.get(pk=claims["portland"]["en"].pk)
    page.unpublish()
    assert Client().get(address(claims, OWN)).status_code == 404


def test_part_of_a_name_is_not_sought_in_every_citys_blocks(
    claims: SmallSite, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = CampaignPage.objects.get(pk=claims["campaign"]["en"].pk)
    with django_assert_num_queries(0):
        assert find_claim(campaign, "i") is None


def test_a_block_that_has_no_id_yet_has_no_address(claims: SmallSite) -> None:
    page = CampaignPage.objects.get(pk=claims["campaign"]["en"].pk)
    body = [{**stored(GENERAL, "New"), "id": key} for key in (None, LOCAL)]
    del body[0]["id"]
    CampaignPage.objects.filter(pk=page.pk).update(body=json.dumps(body))
    page.refresh_from_db()
    assert [*addresses_below(page)] == [f"evidence/{key[:8]}/" for key in (LOCAL, OWN)]
    read(page.url)


@pytest.mark.parametrize(
    ("language", "cited"),
    [
        ("en", "“About Khabarovsk.” End the ties. Home ({day}). According to: A publisher. {url}"),
        (
            "uk",
            "«Про Khabarovsk». Розірвіть звʼязки. Головна ({day}). За даними: A publisher. {url}",
        ),
    ],
)
def test_a_claim_has_a_line_to_cite_it_by(claims: SmallSite, language: str, cited: str) -> None:
    line = read(address(claims, LOCAL, language)).select_one(".citation")
    assert line is not None
    petition = claims["campaign"]["en"].petition
    assert petition
    with translation.override(language):
        day = date_format(petition.local_time(timezone.now()), "DATE_FORMAT")
    url = f"http://localhost{address(claims, LOCAL, language)}"
    told = " ".join(line.get_text().split()).replace("\xa0", " ")
    day = day.replace("\xa0", " ")
    assert told.startswith(cited.format(day=day, url=url))
    assert told.count(day) == 2, "published, and read"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Spring 2022 · It happened. · According to: A publisher"),
        ("uk", "Весна 2022 року · Це сталося. · За даними: A publisher"),
    ],
)
def test_a_claims_page_is_described_by_the_claim(
    claims: SmallSite, language: str, told: str
) -> None:
    page = read(address(claims, LOCAL, language))
    for name in ('name="description"', 'property="og:description"'):
        [meta] = page.select(f"meta[{name}]")
        assert meta["content"] == told


def test_what_readers_are_warned_of_is_not_told_elsewhere(claims: SmallSite) -> None:
    block = stored(GENERAL, "About all")
    block["value"] |= {"what_happened": f"<p>Blood. {'word ' * LONGEST}</p>"}
    put(claims["campaign"]["en"], block)
    [meta] = read(address(claims, GENERAL)).select('meta[name="description"]')
    assert str(meta["content"]).startswith("Spring 2022 · Blood. word")
    assert len(str(meta["content"])) < LONGEST + 60
    block["value"] |= {"content_warning": "Violence"}
    put(claims["campaign"]["en"], block)
    [meta] = read(address(claims, GENERAL)).select('meta[name="description"]')
    assert meta["content"] == "Spring 2022 · According to: A publisher"


def test_the_sitemap_lists_each_claim_once_where_it_stands(claims: SmallSite) -> None:
    sitemap = Client().get("/sitemap.xml").text
    listed = {
        found[1]: set(re.findall(r'hreflang="(\w+)"', entry))
        for entry in re.findall(r"<url>.*?</url>", sitemap, re.DOTALL)
        if (found := re.search(r"<loc>http://localhost(.*/evidence/.*)</loc>", entry))
    }
    both = {
        address(claims, key, code): {"en", "uk"}
        for key in (GENERAL, LOCAL, LONELY)
        for code in ("en", "uk")
    }
    assert listed == {**both, address(claims, OWN): {"en"}}
    assert sitemap.count(f"<loc>http://localhost{address(claims, LOCAL)}<") == 1
    PetitionPage.objects.get(pk=claims["portland"]["en"].pk).unpublish()
    assert address(claims, OWN) not in Client().get("/sitemap.xml").text
