"""Where signers live is told once an hour, by what they say, and nobody is found by subtraction."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.models import CampaignPage, City, Petition
from signatures import lifecycle, tasks
from signatures.models import HourlyPlaces, Signature
from signatures.shown.places import by_country, fold, refresh, residence, stepped
from signatures.signing.confirming import erase_signature
from signatures.tallies import Place, Places
from tests.conftest import Clock
from tests.support.factories import confirmed
from tests.support.kinds import CityPages, SmallSite

HOUR = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("counts", "folded"),
    [
        ({"US": 20, "UA": 12}, {"US": 20, "UA": 12}),
        ({"UA": 10, "US": 11}, {"US": 11, "UA": 10}),
        ({"US": 20, "UA": 3, "PL": 2}, {"US": 20, "other": 5}),
        ({"US": 20, "UA": 9, "PL": 9}, {"US": 20, "other": 18}),
        ({"US": 20, "UA": 12, "PL": 2}, {"US": 20, "other": 14}),
        ({"US": 30, "DE": 20, "UA": 12, "PL": 2}, {"US": 30, "DE": 20, "other": 14}),
        ({"US": 12, "UA": 12, "PL": 2}, {"US": 12, "other": 14}),
        ({"US": 1}, {"other": 1}),
        ({}, {}),
    ],
)
def test_small_countries_fold(counts: dict[str, int], folded: dict[str, int]) -> None:
    """The largest comes first."""
    assert list(fold(counts).items()) == list(folded.items())


def places(here: int, same: int, **abroad: int) -> Places:
    """Residents of a city in the US, others of that country, and other countries."""
    found = {Place("US", True): here, Place("US", False): same}
    return found | {Place(country, False): number for country, number in abroad.items()}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (places(12, 11, UA=10), (12, 11, 10)),
        (places(12, 11, UA=3), (12, None, None)),
        (places(30, 40, UA=3), (None, 40, None)),
        (places(4, 12, UA=15), (None, None, 15)),
        (places(4, 5, UA=15), (None, None, None)),
        (places(0, 0), (None, None, None)),
        # The countries tell how many are at home.
        (places(4, 15, UA=12), (None, None, None)),
        (places(12, 40, UA=3, PL=2), (None, None, None)),
        (places(40, 30), (None, None, None)),
        # They do not, and the three may not either: there would be one of Poland.
        (places(12, 13, UA=40, PL=1), (None, None, None)),
        # Who lives there and gives another country says two things at once.
        ({**places(20, 20, UA=10), Place("PL", True): 15}, (20, 20, 25)),
    ],
)
def test_what_is_too_small_is_told_with_nothing_that_tells_it(
    found: Places, told: tuple[int | None, ...]
) -> None:
    assert residence(found, {"US"}) == told


def worlds(total: int) -> Iterator[tuple[int, int, int, int]]:
    for here in range(total + 1):
        for same in range(total + 1 - here):
            for german in range(total + 1 - here - same):
                yield here, same, german, total - here - same - german


@pytest.mark.parametrize("total", [1, 9, 11, 13, 20, 22, 24, 28, 29, 31, 36])
def test_of_all_worlds_that_look_alike_no_hidden_number_is_the_same_in_each(total: int) -> None:
    """Residence, countries and total together tell nothing hidden that countries do not tell."""
    alike: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
    by_countries: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
    for here, same, german, polish in worlds(total):
        found = places(here, same, DE=german, PL=polish)
        countries = fold(by_country(found))
        numbers = (here, same, german + polish, here + same, german, polish)
        alike[residence(found, {"US"}), tuple(countries.items())].append(numbers)
        by_countries[tuple(countries.items())].append(numbers)
    for (three, countries), looks in alike.items():
        is_told = [number is not None for number in three]
        is_told += [country in dict(countries) for country in ("US", "DE", "PL")]
        for place, is_known in enumerate(is_told):
            known = {numbers[place] for numbers in by_countries[countries]}
            if not is_known and len(known) > 1:
                assert len({numbers[place] for numbers in looks}) > 1, (three, countries)


EVERYWHERE = [*places(1, 1, UA=1, PL=1)]


def hours(number: int) -> Iterator[Places]:
    """Who has signed a petition, from hour to hour: mostly one more, or one less."""
    by_chance = Random(17)
    signed: list[Place] = []
    for _hour in range(number):
        if signed and by_chance.random() < 0.2:
            signed.remove(by_chance.choice(signed))
        elif by_chance.random() < 0.7:
            signed.append(by_chance.choices(EVERYWHERE, [5, 3, 2, 1])[0])
        yield dict(Counter(signed))


def found_between(looks: Iterable[Places]) -> int:
    """How often the three totals of two looks tell where one signer lives, or lived."""
    told = [residence(found, {"US"}) for found in looks]
    return sum(
        None not in (*before, *after)
        and sorted(b - a for a, b in zip(before, after, strict=True)) in ([0, 0, 1], [-1, 0, 0])  # type: ignore[operator]
        for before, after in pairwise(told)
    )


def test_nobody_is_found_by_looking_every_hour() -> None:
    series = list(hours(600))
    assert found_between(series) > 50, "as it was told each hour"
    steps: list[Places] = [{}]
    for now in series:
        before, told = Counter(steps[-1]), Counter(stepped(steps[-1], now))
        steps.append(dict(told))
        for changed in (told - before, before - told):
            assert not 0 < changed.total() < 10
        # Nor is what is told ever far from what is so.
        for late in (Counter(now) - told, told - Counter(now)):
            assert late.total() < 10
    assert found_between(steps) == 0
    assert sum(before != told for before, told in pairwise(steps)) > 20


@pytest.mark.parametrize("goes", [lifecycle.withdraw, erase_signature])
def test_all_is_told_alike_for_an_hour_and_ten_signers(
    portland: CityPages, clock: Clock, goes: Callable[[Signature], object]
) -> None:
    """No two looks are nearer, and none encloses fewer who came or went."""
    page = portland["en"]
    signed = [
        confirmed(page, f"{number}@example.org", country="US", lives_here=number < 10)
        for number in range(20)
    ]
    for number in range(10):
        confirmed(page, f"ua{number}@example.org", country="UA")

    def told() -> tuple[Any, ...]:
        tasks.tell_places()
        found = Client().get(f"/api/petitions/{page.petition_id}/").json()
        names = ("residents", "elsewhere_in_country", "abroad", "by_country")
        return tuple(found[name] for name in names)

    clock.now = HOUR
    assert told() == (10, 10, 10, {"US": 20, "UA": 10})
    confirmed(page, "new@example.org", country="UA")
    goes(signed[0])
    clock.now = HOUR + timedelta(hours=1) - MOMENT
    assert told() == (10, 10, 10, {"US": 20, "UA": 10})
    # Nor later, as long as fewer than ten have come, or have gone.
    clock.now = HOUR + timedelta(hours=1)
    assert told() == (10, 10, 10, {"US": 20, "UA": 10})
    for number in range(9):
        confirmed(page, f"more{number}@example.org", country="UA")
    clock.now = HOUR + timedelta(hours=2)
    assert told() == (10, 10, 20, {"US": 20, "UA": 20})
    for each in signed[1:10]:
        goes(each)
    clock.now = HOUR + timedelta(hours=3)
    assert told() == (None, None, 20, {"UA": 20, "US": 10})
    assert HourlyPlaces.objects.filter(petition=page.petition).count() == 1


def test_a_campaigns_residents_live_in_any_of_its_cities(
    campaign: CampaignPage, portland: CityPages, tacoma: CityPages
) -> None:
    """Of its own signatures: those of the cities are in the cities' numbers."""
    homes = [City.objects.get(key=key) for key in ("portland-oregon", "tacoma-washington")]
    for number in range(30):
        home = homes[number % 2].pk if number < 12 else None
        country = "US" if number < 18 else "UA"
        confirmed(campaign, f"{number}@example.org", country=country, home_city=home)
    confirmed(portland["en"], country="US", lives_here=True)
    refresh()
    found = HourlyPlaces.objects.get(petition=campaign.petition)
    assert (found.signatures, found.by_country) == (30, {"US": 18, "UA": 12})
    assert (found.residents, found.elsewhere, found.abroad) == (None, None, 12)
    Signature.objects.filter(petition=campaign.petition, country="UA").update(home_city=homes[0])
    for number in range(4):
        confirmed(campaign, f"us{number}@example.org", country="US")
    HourlyPlaces.objects.all().delete()
    refresh()
    found = HourlyPlaces.objects.get(petition=campaign.petition)
    assert (found.residents, found.elsewhere, found.abroad) == (12, 10, 12)


def test_counting_places_takes_as_many_queries_for_many_signatures(
    site: SmallSite, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    refresh()
    for number in range(5):
        confirmed(site["portland"]["en"], f"{number}@example.org")
    clock.go_on(hours=1)
    with django_assert_num_queries(4 + Petition.objects.count()):
        assert refresh() == 2
    with django_assert_num_queries(2):
        assert refresh() == 0


@pytest.mark.parametrize(
    ("language", "words", "row"),
    [
        (
            "en",
            "Say they live in Portland 12 Say only that they live in the same country 11 "
            "From other countries 10 Of 33 signatures.",
            "12 say they live there · 11 more from the same country · 10 from other countries",
        ),
        (
            "uk",
            "Кажуть, що живуть у Портленді 12 Кажуть лише, що живуть у тій самій країні 11 "
            "З інших країн 10 Із 33 підписів.",
            "12 кажуть, що живуть там · ще 11 з тієї ж країни · 10 з інших країн",
        ),
    ],
)
def test_page_and_tracker_tell_it_in_the_readers_language(
    portland: CityPages, language: str, words: str, row: str
) -> None:
    for number in range(33):
        country = "US" if number < 23 else "UA"
        email = f"{number}@example.org"
        confirmed(portland["en"], email, country=country, lives_here=number < 12)
    page, tracker = f"/{language}/end-ties/portland-oregon/", f"/{language}/end-ties/cities/"
    assert 'class="places"><h2>' not in Client().get(page).text
    refresh()
    for address, selector, told in ((page, ".places", words), (tracker, "td.places", row)):
        (found,) = BeautifulSoup(Client().get(address).content, "html.parser").select(selector)
        assert told in " ".join(found.get_text(" ").split())
