"""Long lists of cities come in parts that lead to each other, each of them of a bearable size."""

import io
import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory

from campaigns.models import CityName, PetitionPage
from campaigns.pages import parts
from campaigns.pages.tracker import SORTS
from pagecache.declaring import declared
from signatures.templatetags import signatures
from tests.support.factories import confirmed
from tests.support.kinds import SmallSite

MOST_BYTES = 100_000
TRACKER = "end-ties/cities/"
LISTS = [
    *(f"{TRACKER}?sort={sign}{name}" for name in SORTS for sign in ("", "-")),
    f"{TRACKER}?status=active",
    f"{TRACKER}?q=kh",
    "?q=kh",
]


def get(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    assert len(response.content) < MOST_BYTES, address
    return response.content.decode()


def listed(html: str) -> list[str]:
    """The cities of the table, or of what a search found."""
    table = re.findall(r'<th[^>]* scope="row"><a href="([^"]*)">', html)
    found = html.partition('class="results"')[2].partition("</ul>")[0]
    return table or re.findall(r'<li>\s*<a href="(/[^"]*)">', found)


def led_to(html: str, rel: str, here: str) -> str:
    found = re.findall(rf'<a rel="{rel}" href="([^"]*)">', html)
    assert len(found) <= 1
    return urljoin(here, unescape(found[0]).partition("#")[0]) if found else ""


def walked(address: str) -> list[tuple[str, str]]:
    """Addresses and pages of all parts, the way a reader goes through them and back."""
    seen: list[tuple[str, str]] = []
    while address:
        html = get(address)
        if seen:
            before = led_to(html, "prev", address)
            assert listed(get(before)) == listed(seen[-1][1])
        seen.append((address, html))
        address = led_to(html, "next", address)
    return seen


@pytest.fixture
def two_parts(tacoma: dict[str, PetitionPage], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "CITIES_IN_A_PART", 1)


@pytest.mark.both_databases
@pytest.mark.parametrize("language", ["en", "uk"])
def test_parts_lead_through_the_whole_list_and_back(
    tacoma: dict[str, PetitionPage], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    wholes = {address: get(address) for address in (f"/{language}/{each}" for each in LISTS)}
    monkeypatch.setattr(parts, "CITIES_IN_A_PART", 1)
    for address, whole in wholes.items():
        assert len(listed(whole)) == 2
        assert 'class="parts' not in whole
        pages = walked(address)
        assert [city for _address, html in pages for city in listed(html)] == listed(whole)
        for number, (_address, html) in enumerate(pages):
            links = re.findall(r'<a href="[^"]*"( aria-current="page")?>', html.split("<ol>")[1])
            assert [bool(current) for current in links[:2]] == [number == 0, number == 1]


@pytest.mark.usefixtures("two_parts")
def test_a_part_is_named_by_its_first_and_last_city() -> None:
    html = get(f"/en/{TRACKER}?p=2")
    assert re.findall(r"<title>([^:]*):", html) == ["All cities"]
    assert " (2) ·" in html.partition("</title>")[0]
    assert "2 cities" in html.partition('id="table"')[2]
    assert "Shown here: 2–2." in html
    assert "Portland – Portland" in led_words(html, "prev")
    assert "1–1" in led_words(get(f"/en/{TRACKER}?p=2&sort=date"), "prev")


def led_words(html: str, rel: str) -> str:
    return re.findall(rf'<a rel="{rel}"[^>]*>(.*?)</a>', html)[0]


@pytest.mark.usefixtures("two_parts")
def test_what_is_no_part_is_the_first_or_the_last() -> None:
    for number in ("0", "-1", "1.5", "x", "3", "٣", "9" * 5000, "%00", ""):
        for address in (f"{TRACKER}?", "?q=kh&"):
            assert len(listed(get(f"/en/{address}p={number}"))) == 1


@pytest.mark.usefixtures("two_parts")
def test_the_home_page_lists_the_largest_and_leads_to_each_part(
    tacoma: dict[str, PetitionPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(tacoma["en"])
    monkeypatch.setattr(signatures, "LARGEST", 1)
    html = get("/en/").partition("The largest petitions")[2]
    assert "All 2 cities" in html
    shown, links = html.split('class="parts"')
    assert "tacoma" in shown
    assert "portland" not in shown
    ends = [each.partition("#")[0] for each in re.findall(r'<a href="([^"]*)">', links)[:2]]
    assert [listed(get(each))[0].split("/")[-2] for each in ends] == [
        "portland-oregon",
        "tacoma-washington",
    ]


@pytest.mark.usefixtures("two_parts")
def test_pages_that_are_kept_are_those_of_the_parts_that_there_are(site: SmallSite) -> None:
    page = site["campaign"]["en"].specific
    request = RequestFactory(HTTP_HOST="localhost").get(page.url)
    kept = declared(page.cities(request))
    assert kept is not None
    assert kept.clean("p=2") == "p=2"
    for odd in ("p=3", "p=02", "p=0", "p=1&p=2"):
        assert kept.clean(odd) is None


def test_no_part_of_many_cities_is_too_long(site: SmallSite) -> None:
    call_command("generate_load", cities=210, stdout=io.StringIO())
    CityName.objects.filter(locale__language_code="uk").update(name="Щ" * 60, region="Ю" * 40)
    for language in ("en", "uk"):
        get(f"/{language}/")
        assert len(walked(f"/{language}/{TRACKER}")) == 5
        assert len(walked(f"/{language}/?q=town")) == 5
