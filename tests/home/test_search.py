"""Whoever looks for a city finds it, however it is written, or is told what there is instead."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings
from wagtail.models import Site

from campaigns.pages import search
from campaigns.pages.city_rows import CityRow, ShownName
from campaigns.pages.search import find, words
from campaigns.pages.states import US_STATES, state_of_zip
from campaigns.records.freshness import Knowledge
from campaigns.records.ties import Tie
from home.meant import words_of
from home.models import Contact
from security.limits import Rate
from tests.support.kinds import CityPages, SmallSite
from translations.languages.folding import fold

Names = tuple[str, str]


def row(english: Names, ukrainian: Names, sister: Names) -> CityRow:
    """A city's row with its names and regions."""
    name = ShownName(*english, language="en", order=english[0])
    return CityRow(
        pk=1,
        petition_id=uuid4(),
        url="/",
        city_name=name,
        sister_city_name=ShownName(*sister, language="en", order=sister[0]),
        key=fold(english[0]).replace(" ", "-"),
        region=english[1],
        latitude=None,
        longitude=None,
        known=Knowledge(Tie.Status.ACTIVE, date(2022, 6, 4), None, None),
        outcome=None,
        folded=tuple("\n".join(map(fold, each)) for each in (english, ukrainian)),
        folded_sister=("\n".join(map(fold, sister)),),
    )


ROWS = [
    row(("Coeur d’Alene", "Idaho"), ("Кер-д’Ален", "Айдахо"), ("Tver", "Tver Oblast")),
    row(("Davenport", "Iowa"), ("Давенпорт", "Айова"), ("Kursk", "Kursk Oblast")),
    row(("New York", "New York"), ("Нью-Йорк", "Нью-Йорк"), ("Moscow", "Moscow")),
    row(("Orlando", "Florida"), ("Орландо", "Флорида"), ("Perm", "Perm Krai")),
    row(("Portland", "Maine"), ("Портленд", "Мен"), ("Arkhangelsk", "Arkhangelsk Oblast")),
    row(("Portland", "Oregon"), ("Портленд", "Орегон"), ("Khabarovsk", "Khabarovsk Krai")),
    row(("Saint Paul", "Minnesota"), ("Сент-Пол", "Міннесота"), ("Novosibirsk", "Novosibirsk")),
    row(("San José", "California"), ("Сан-Хосе", "Каліфорнія"), ("Yekaterinburg", "Sverdlovsk")),
    row(("St. Louis", "Missouri"), ("Сент-Луїс", "Міссурі"), ("Samara", "Samara Oblast")),
    row(("Wheeling", "West Virginia"), ("Вілінг", "Західна Вірджинія"), ("Tula", "Tula Oblast")),
]


def names(query: str) -> list[str]:
    return [each.city_name.name for each in find(query, ROWS).rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("PORTLAND", ["Portland", "Portland"]),
        ("portland, or", ["Portland"]),
        ("Portland, Ore.", ["Portland"]),
        ("портленд орегон", ["Portland"]),
        ("san jose calif", ["San José"]),
        *((f"coeur d{sign}alene", ["Coeur d’Alene"]) for sign in "'’ʼ` "),
        ("coeur-dalene", ["Coeur d’Alene"]),
        ("кер дален", ["Coeur d’Alene"]),
        ("newyork", ["New York"]),
        ("N.Y.", ["New York"]),
        ("st paul", ["Saint Paul"]),
        ("saint louis", ["St. Louis"]),
        ("W. Va.", ["Wheeling"]),
        ("WV", ["Wheeling"]),
        ("khabarovsk", ["Portland"]),
        ("хабаровськ", []),
        # A name that begins so, a state that is written so, and no word that only holds it.
        ("or", ["Orlando", "Portland"]),
        ("port", ["Portland", "Portland", "Davenport"]),
        ("97205", ["Portland"]),
        ("97205-1234", ["Portland"]),
        ("972", ["Portland"]),
        ("portland 04101", ["Portland"]),
        ("00601", []),
        ("...", []),
    ],
)
def test_a_city_is_found_however_it_is_written(query: str, found: list[str]) -> None:
    assert names(query) == found
    assert not found or not find(query, ROWS).are_alike


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("portlnd", ["Portland", "Portland"]),
        ("portlend oregn", ["Portland"]),
        ("портлнд", ["Portland", "Portland"]),
        ("minesota", ["Saint Paul"]),
        ("kabarovsk", ["Portland"]),
        ("zzzzzz", []),
        # A word that is no name is passed over, unless all that is one is a short word.
        ("portland petition", ["Portland", "Portland"]),
        ("the mayor of portlnd", ["Portland", "Portland"]),
        ("san francisco", []),
        ("new orleans oregon", []),
    ],
)
def test_what_is_misspelled_leads_to_what_is_spelled_alike(query: str, found: list[str]) -> None:
    assert names(query) == found
    assert find(query, ROWS).are_alike


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("  Coeur d’Alene, ID ", ["coeur", "dalene", "id"]),
        ("Winston–Salem N.C.", ["winston", "salem", "nc"]),
        ("Charleston, W. Va.", ["charleston", "wva"]),
        ("new vail", ["new", "vail"]),
        ("12345-6789", ["12345"]),
        ("\u200bKyiv\u00a0", ["kyiv"]),
        ("a1 " * 50, ["a1"] * search.MOST_WORDS),
        ("!?", []),
    ],
)
def test_a_query_is_read_as_words(query: str, read: list[str]) -> None:
    assert words(query) == read


def test_zip_codes_lie_in_every_state_and_begin_where_the_mail_says() -> None:
    assert {state_of_zip(f"{number:03}") for number in range(1000)} - {""} == set(US_STATES)
    for digits, state in (
        *(("005", "New York"), ("010", "Massachusetts"), ("054", "Vermont"), ("199", "Delaware")),
        *(
            ("201", "Virginia"),
            ("205", "District of Columbia"),
            ("398", "Georgia"),
            ("733", "Texas"),
        ),
        *(("967", "Hawaii"), ("979", "Oregon"), ("994", "Washington"), ("999", "Alaska")),
        *(("000", ""), ("008", ""), ("096", ""), ("340", ""), ("965", ""), ("969", "")),
    ):
        assert state_of_zip(digits) == state, digits


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/en/end-ties/portlnd-oregon/", "portlnd oregon"),
        ("/portland", "portland"),
        ("/uk/портленд/", "портленд"),
        ("/wp-login.php", ""),
        ("/en/signatures/pZ4x_k1/", ""),
        ("/en/", "en"),
        ("/", ""),
        (f"/{'a' * 41}/", ""),
    ],
)
def test_the_end_of_an_address_is_read_as_a_name(path: str, read: str) -> None:
    assert words_of(path) == read


@pytest.mark.parametrize("address", ["/en/end-ties/portlnd-oregon/", "/en/end-ties/khabarovsk/"])
def test_an_address_that_leads_nowhere_leads_to_what_it_may_have_meant(
    tacoma: CityPages, site: SmallSite, address: str
) -> None:
    response = Client().get(address)
    assert response.status_code == 404
    assert f'<a href="{site["portland"]["en"].url}">Portland, Oregon</a>' in response.text


@pytest.mark.parametrize("address", ["/en/", "/en/end-ties/cities/"])
def test_where_nothing_is_found_there_is_a_way_on(site: SmallSite, address: str) -> None:
    Contact.objects.create(site=Site.objects.get(), name="A", email="a@example.org")
    html = Client().get(address, {"q": "zzzzzz"}).text
    assert "No city matches “zzzzzz”" in html
    assert f'petition to all mayors: <a href="{site["campaign"]["en"].url}">' in html
    assert 'href="mailto:a@example.org?subject=A%20missing%20sister%20city"' in html
    near = Client().get(address, {"q": "portlnd"}).text
    assert "No city matches “portlnd”" in near
    assert f'<a href="{site["portland"]["en"].url}">' in near


@pytest.fixture
def one_search(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LIMIT_LOOPBACK = True
    monkeypatch.setattr(search, "RATES", (Rate(1, 60), Rate(9, 60)))


@pytest.mark.usefixtures("site", "one_search")
@pytest.mark.parametrize("address", ["/en/", "/en/end-ties/cities/"])
def test_a_network_that_searches_without_end_is_asked_to_wait(address: str) -> None:
    first, second = (Client().get(address, {"q": "portland"}) for _time in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    assert second["Retry-After"]
    assert second["Cache-Control"] == "no-store"
    # No cache keeps that either, though nothing is searched for.
    assert Client().get(address, {"q": ["portland", ""]}).status_code == 429
    assert Client().get(address).status_code == 200


@pytest.mark.usefixtures("site", "one_search")
def test_it_gets_missing_pages_without_a_search() -> None:
    first, second = (Client().get("/en/portlnd/") for _time in range(2))
    assert (first.status_code, second.status_code) == (404, 404)
    assert "Were you looking for" in first.text
    assert "Were you looking for" not in second.text
