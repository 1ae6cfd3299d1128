"""What is counted, whom, and from when on."""

import pytest

from campaigns.models import Petition
from signatures import lifecycle
from signatures.counts import (
    number_of,
    people_key,
    people_of,
    signatures_by_petition,
    signatures_of,
)
from signatures.models import Signature
from signatures.shown.moving import numbers_of
from tests.support.factories import confirmed, make_city_petition, make_submission
from tests.support.kinds import SmallSite


@pytest.fixture
def campaign(site: SmallSite) -> SmallSite:
    """Two cities: Portland with two signers, of whom one signed for Tacoma too."""
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")
    confirmed(site["portland"]["en"])
    confirmed(site["portland"]["uk"], "taras@example.org", name="Taras")
    confirmed(tacoma["uk"])
    lifecycle.withdraw(confirmed(site["portland"]["en"], "gone@example.org", name="Gone"))
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
