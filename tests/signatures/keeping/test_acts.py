"""When which act has whom erased, to the day, the moment and the row."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from campaigns.models import Petition, Tie, TieEvent
from signatures.keeping.retention import (
    Act,
    Planned,
    Why,
    _ends_of,
    acts,
    brought_forward,
    kept_until,
    known_signers,
)
from signatures.models import Hold, Signature
from tests.conftest import Clock
from tests.support.factories import confirmed
from tests.support.kinds import SmallSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def at(act: Act, **known: Any) -> Planned:
    return Planned(act, recorded_at=JULY, **known)


def act_of(signature: Signature, why: Why, when: date | datetime | None) -> Act:
    return Act(signature.petition_id, why, when)


@pytest.fixture
def signature(site: SmallSite, clock: Clock) -> Signature:
    return confirmed(site["portland"]["en"])


def test_the_last_limit_is_announced_eight_days_ahead_and_every_other_when_it_is_due(
    signature: Signature,
) -> None:
    limit = at(act_of(signature, Why.LIMIT, JULY))
    assert limit.due_at - limit.announces_at == WEEK + timedelta(days=1)
    won = at(act_of(signature, Why.WON, date(2026, 7, 1)))
    assert won.announces_at == won.due_at


def test_what_was_not_announced_waits_a_week_from_now_and_what_was_from_then(
    signature: Signature,
) -> None:
    won = act_of(signature, Why.WON, date(2026, 7, 1))
    due = at(won).due_at
    assert at(won).erases_at(due + WEEK) == due + 2 * WEEK
    assert at(won).erases_at(due - WEEK) == due + WEEK
    assert at(won, announced_at=due + WEEK).erases_at(due + 3 * WEEK) == due + 2 * WEEK
    stopped = at(won, announced_at=due, stopped_until=due + 9 * WEEK)
    assert stopped.erases_at(due) == due + 9 * WEEK


def test_a_delivery_concerns_those_who_signed_by_that_day_and_nobody_later(
    signature: Signature,
) -> None:
    day = known_signers().get(pk=signature.pk).signed_on
    found = [
        (act.concerns(day), act.signers().filter(pk=signature.pk).exists())
        for days in (-1, 0, 1)
        for act in [act_of(signature, Why.DELIVERED, day + timedelta(days=days))]
    ]
    assert found == [(False, False), (True, True), (True, True)]
    ended = act_of(signature, Why.ENDED, day - timedelta(days=1))
    assert ended.signers().filter(pk=signature.pk).exists()


def test_who_sends_it_anew_counts_as_signing_then_and_as_having_been_there_before(
    signature: Signature,
) -> None:
    """The later day decides which delivery concerns them, the earlier one the last limit."""
    then = signature.confirmed_at
    assert then
    Petition.objects.update(created_at=then + timedelta(days=30))
    anew = then + timedelta(days=20)
    Signature.objects.filter(pk=signature.pk).update(asked_at=anew)
    assert known_signers().get(pk=signature.pk).signed_on == anew.date()
    limit = next(act for act in acts(signature.petition_id) if act.why == Why.LIMIT)
    midnight = then.replace(hour=0, minute=0, second=0, microsecond=0)
    assert limit.when == midnight


def test_one_petitions_acts_are_not_anothers(signature: Signature, site: SmallSite) -> None:
    campaign = site["campaign"]["en"]
    confirmed(campaign, "b@example.org")
    assert {act.petition for act in acts()} == {signature.petition_id, campaign.petition_id}
    assert {act.petition for act in acts(signature.petition_id)} == {signature.petition_id}


def tie_with(*events: tuple[str, date | None]) -> Tie:
    """In memory; the events in the order in which they were entered."""
    tie = Tie()
    tie.events = [
        TieEvent(pk=number, kind=kind, date=day) for number, (kind, day) in enumerate(events)
    ]
    return tie


@pytest.mark.parametrize(
    ("events", "days"),
    [
        ([], []),
        ([("ended", date(2022, 3, 1))], [date(2022, 3, 1)]),
        ([("ended", None)], [None]),
        ([("ended", None), ("ended", date(2022, 3, 1))], [date(2022, 3, 1)]),
        ([("reported", date(2022, 1, 1)), ("ended", None)], []),
        (
            [
                ("ended", date(2022, 3, 1)),
                ("reported", date(2022, 4, 1)),
                ("reinstated", date(2022, 5, 1)),
                ("ended", date(2022, 5, 1)),
                ("ended", date(2022, 6, 1)),
            ],
            [date(2022, 5, 1), date(2022, 6, 1)],
        ),
        ([("ended", date(2022, 3, 1)), ("reinstated", date(2022, 5, 1))], []),
    ],
)
def test_a_tie_ended_on_the_days_that_nothing_later_denies(
    events: list[tuple[str, date | None]], days: list[date | None]
) -> None:
    assert list(_ends_of(tie_with(*events))) == days


def test_a_hold_keeps_who_would_go_sooner_and_nobody_elses(
    signature: Signature, site: SmallSite, clock: Clock
) -> None:
    other = confirmed(site["portland"]["en"], "b@example.org")
    planned = kept_until(signature, clock.now)
    assert planned
    assert planned > clock.now
    Hold.objects.create(signature=signature, reason="A claim", until=planned + WEEK)
    assert kept_until(signature, clock.now) == planned + WEEK
    assert kept_until(other, clock.now) == planned
    Hold.objects.update(until=planned - WEEK)
    assert kept_until(signature, clock.now) == planned
    signature.anonymised_at = clock.now
    assert kept_until(signature, clock.now) is None
    signature.anonymised_at, signature.confirmed_at = None, None
    assert kept_until(signature, clock.now) == planned, "as of when it was asked for"


def test_only_who_goes_sooner_is_counted_and_the_first_of_them_is_told(
    signature: Signature, clock: Clock
) -> None:
    pk = signature.petition_id
    limit = at(act_of(signature, Why.LIMIT, clock.now))
    delivered = at(act_of(signature, Why.DELIVERED, clock.now.date()))
    won = at(act_of(signature, Why.WON, clock.now.date()))
    assert brought_forward({pk: [limit]}, {pk: [limit]}, clock.now) == []
    assert brought_forward({pk: [delivered]}, {pk: [won]}, clock.now) == []
    (told,) = brought_forward({pk: [limit]}, {pk: [limit, won, delivered]}, clock.now)
    assert (told.number, told.why) == (1, Why.DELIVERED)
    assert told.erases_at == delivered.erases_at(clock.now)
