"""What is counted, whom, and from when on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.models import Petition
from signatures import counts, tasks
from signatures.counts import (
    by_country,
    fold,
    number_of,
    numbers_of,
    people_key,
    people_of,
    signatures_by_petition,
    signatures_of,
)
from signatures.models import HourlyCountries, Signature
from signatures.signing.confirming import erase_signature
from tests.conftest import Clock
from tests.support.factories import confirmed, make_city_petition, make_submission
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


@pytest.fixture
def campaign(site: SmallSite) -> SmallSite:
    """Two cities: Portland with two signers, of whom one signed for Tacoma too."""
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")
    confirmed(site["portland"]["en"])
    confirmed(site["portland"]["uk"], "taras@example.org", name="Taras")
    confirmed(tacoma["uk"])
    confirmed(site["portland"]["en"], "gone@example.org", name="Gone").withdraw()
    make_submission(tacoma["en"], "waiting@example.org", name="Waiting")
    return site


def petitions(site: SmallSite) -> tuple[Petition, Petition, Petition]:
    """The campaign's own, Portland's and Tacoma's."""
    tacoma = Petition.objects.filter(tie__city__names__name="Tacoma").distinct().get()
    portland = site["portland"]["en"].petition
    assert portland.parent
    return portland.parent, portland, tacoma


def test_people_are_counted_once_in_a_campaign(campaign: SmallSite) -> None:
    whole, portland, tacoma = petitions(campaign)
    assert [signatures_of(each) for each in (whole, portland, tacoma)] == [0, 2, 1]
    assert people_of(whole) == 2
    numbers = {str(whole.pk): 0, people_key(whole.pk): 2, str(portland.pk): 2, str(tacoma.pk): 1}
    assert numbers_of(whole) | numbers_of(portland) | numbers_of(tacoma) == numbers


def test_many_petitions_are_counted_as_each_is(campaign: SmallSite) -> None:
    _whole, portland, tacoma = petitions(campaign)
    assert signatures_by_petition([portland.pk, tacoma.pk]) == {portland.pk: 2, tacoma.pk: 1}
    assert signatures_by_petition([tacoma.pk]) == {tacoma.pk: 1}


def test_a_list_counts_each_status_by_itself(campaign: SmallSite) -> None:
    status = Signature.Status
    rows = Petition.objects.annotate(
        confirmed=number_of(status.CONFIRMED),
        withdrawn=number_of(status.WITHDRAWN),
        pending=number_of(status.PENDING),
        in_english=number_of(status.CONFIRMED, language="en"),
    )
    found = {row.pk: (row.confirmed, row.withdrawn, row.pending, row.in_english) for row in rows}
    _whole, portland, tacoma = petitions(campaign)
    assert found.pop(portland.pk) == (2, 1, 0, 1)
    assert found.pop(tacoma.pk) == (1, 0, 1, 0)
    assert set(found.values()) == {(0, 0, 0, 0)}


def at(signature: Signature, country: str, **times: datetime) -> None:
    Signature.objects.filter(pk=signature.pk).update(country=country, **times)


@pytest.mark.parametrize("goes", [Signature.withdraw, erase_signature])
def test_countries_are_counted_alike_for_a_whole_hour(
    portland: CityPages,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    goes: Callable[[Signature], object],
) -> None:
    """Who comes or goes within the hour shows in the next."""
    monkeypatch.setattr(counts, "SMALLEST_COUNTRY", 0)
    page = portland["en"]
    pairs = [(f"{name}@example.org", name) for name in ("before", "within", "going")]
    before, within, going = (confirmed(page, email, name=name) for email, name in pairs)
    at(before, "US", confirmed_at=HOUR - MOMENT)
    at(within, "UA", confirmed_at=HOUR)
    at(going, "DE", confirmed_at=HOUR - MOMENT)
    make_submission(page, "waiting@example.org")
    clock.now = HOUR
    assert by_country(page.petition) == {"US": 1, "DE": 1}
    goes(going)
    last = HOUR + timedelta(hours=1) - MOMENT
    for moment in (HOUR, last):
        assert by_country(page.petition, moment) == {"US": 1, "DE": 1}
    clock.now = last
    assert by_country(page.petition) == {"US": 1, "DE": 1}
    clock.go_on(hours=1)
    assert by_country(page.petition) == {"US": 1, "UA": 1}
    assert HourlyCountries.objects.count() == 2
    tasks.forget_hours()
    assert HourlyCountries.objects.count() == 1


def test_another_petitions_countries_are_its_own(campaign: SmallSite) -> None:
    Signature.objects.confirmed().update(confirmed_at=HOUR)
    _whole, portland, tacoma = petitions(campaign)
    later = HOUR + timedelta(days=1)
    assert [sum(by_country(each, later).values()) for each in (portland, tacoma)] == [2, 1]
