"""A petition that is opened anew goes on for as long again, whoever asks."""

from datetime import datetime

import pytest

from campaigns.models import Petition
from campaigns.records.turns import next_turn
from tests.conftest import Clock
from tests.support.kinds import SmallSite
from translations.dates.months import months_after, months_before

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def petition(site: SmallSite) -> Petition:
    return Petition.objects.get(campaignpage=site["campaign"]["en"])


def opened(petition: Petition, made_at: datetime, reopened_at: datetime | None = None) -> None:
    Petition.objects.filter(pk=petition.pk).update(created_at=made_at, reopened_at=reopened_at)
    petition.refresh_from_db()


@pytest.mark.parametrize(
    ("made", "reopened", "state"),
    [(20, None, "open"), (21, None, "closed"), (40, 20, "open"), (42, 21, "closed")],
)
def test_21_months_are_those_of_the_round_that_goes_on(
    petition: Petition, clock: Clock, made: int, reopened: int | None, state: str
) -> None:
    reopened_at = months_before(clock.now, reopened) if reopened else None
    opened(petition, months_before(clock.now, made), reopened_at)
    assert petition.state(clock.now) == state
    told = Petition.objects.with_state(clock.now).get(pk=petition.pk)
    assert told.state_now == state


def test_pages_are_rendered_anew_when_the_round_comes_to_its_end(
    petition: Petition, clock: Clock
) -> None:
    Petition.objects.exclude(pk=petition.pk).update(created_at=months_before(clock.now, 30))
    reopened_at = months_before(clock.now, 5)
    opened(petition, months_before(clock.now, 25), reopened_at)
    assert next_turn() == months_after(reopened_at, 21)


@pytest.mark.parametrize(("months", "can"), [(17, False), (18, True), (20, True), (21, False)])
def test_a_round_begins_in_the_last_months_of_the_one_before(
    petition: Petition, clock: Clock, months: int, can: bool
) -> None:
    opened(petition, months_before(clock.now, months))
    assert petition.can_begin_round(clock.now) is can
    assert (petition in Petition.objects.ending(clock.now)) is can
    Petition.objects.filter(pk=petition.pk).update(closes_at=clock.now)
    petition.refresh_from_db()
    assert not petition.can_begin_round(clock.now)
