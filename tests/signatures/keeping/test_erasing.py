"""Erasures are announced, wait, can be stopped, and come whatever was entered, if not too soon."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import Petition, PetitionEvent, TieEvent
from signatures.keeping import erasing
from signatures.keeping.erasing import hold_back, notice, run
from signatures.keeping.retention import GRACE, plans
from signatures.models import Erasure, Signature
from tests.support.factories import confirmed
from tests.support.kinds import CityPages
from translations.dates.months import months_after, months_before

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
FIRST_DAY = START.date()
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SOURCE = {"source_title": "An article", "source_publisher": "The Oregonian"}


@pytest.fixture
def signature(portland: CityPages) -> Signature:
    signature = confirmed(portland["en"])
    Signature.objects.update(asked_at=START, confirmed_at=START)
    Petition.objects.update(created_at=START)
    signature.refresh_from_db()
    return signature


def win(signature: Signature, day: date = FIRST_DAY) -> PetitionEvent:
    return PetitionEvent.objects.create(petition=signature.petition, kind="won", date=day, **SOURCE)


def is_known(signature: Signature) -> bool:
    signature.refresh_from_db()
    return bool(signature.name)


def work(since: datetime, until: datetime, step: timedelta = DAY) -> datetime:
    """A worker that looks regularly; returns when it would look next."""
    while since <= until:
        run(since)
        since += step
    return since


def test_what_falls_due_is_announced_and_erased_a_week_later(signature: Signature) -> None:
    win(signature)
    run(START)
    due = months_after(START, 6)
    assert run(due - HOUR) == 0
    assert not Erasure.objects.exclude(announced_at=None).exists()
    assert run(due) == 0
    assert Erasure.objects.get(announced_at=due).act == "won 2026-01-01"
    work(due + HOUR, due + GRACE - HOUR, HOUR)
    assert is_known(signature)
    assert run(due + GRACE) == 1
    assert not is_known(signature)


def test_a_wrong_year_erases_nobody_at_the_next_run(signature: Signature) -> None:
    now = START + 30 * DAY
    for day in (date(2022, 3, 1), date(2025, 1, 1)):
        win(signature, day)
        TieEvent.objects.create(tie=signature.petition.tie, kind="ended", date=day, **SOURCE)
    Petition.objects.update(closes_at=datetime(2022, 1, 1, tzinfo=UTC))
    work(now, months_after(now, 6) - HOUR)
    assert is_known(signature)


def test_who_is_corrected_within_the_grace_saves_everybody(signature: Signature) -> None:
    event = win(signature)
    run(START)
    due = months_after(START, 6)
    work(due, due + 6 * DAY)
    event.delete()
    work(due + 6 * DAY + HOUR, due + 60 * DAY)
    assert is_known(signature)
    assert {row.act.split()[0] for row in Erasure.objects.all()} == {"limit"}


@pytest.mark.parametrize("entered", [timedelta(0), 3 * DAY])
def test_a_petition_of_21_months_knows_nobody_whatever_is_entered(
    signature: Signature, entered: timedelta
) -> None:
    limit = months_after(START, 21)
    Petition.objects.update(opens_at=limit + 40 * DAY)
    work(limit - 20 * DAY, limit - 8 * DAY - HOUR)
    assert not Erasure.objects.exclude(announced_at=None).exists()
    work(limit - 8 * DAY, limit - HOUR)
    assert Erasure.objects.exclude(announced_at=None).get().act.startswith("limit")
    assert is_known(signature)
    assert hold_back(signature.petition_id, limit - DAY) is None
    run(limit)
    assert not is_known(signature)


@pytest.mark.parametrize("away", [2 * DAY, 31 * DAY])
def test_a_worker_that_was_away_begins_the_grace_anew(
    signature: Signature, away: timedelta
) -> None:
    win(signature)
    run(START)
    due = months_after(START, 6)
    back = work(due, due + 5 * DAY) + away
    work(back, back + GRACE - HOUR)
    assert is_known(signature)
    run(back + GRACE)
    assert not is_known(signature)


def test_a_worker_that_was_away_announces_first(signature: Signature) -> None:
    win(signature)
    run(START)
    back = months_after(START, 8)
    work(back, back + GRACE - HOUR)
    assert is_known(signature)
    run(back + GRACE)
    assert not is_known(signature)


@pytest.mark.parametrize("jump", [-400 * DAY, -2 * DAY, -HOUR, 2 * DAY, 400 * DAY])
@pytest.mark.parametrize("stays", [0, 3])
def test_a_clock_that_jumps_does_not_shorten_the_grace(
    signature: Signature, jump: timedelta, stays: int
) -> None:
    win(signature)
    run(START)
    due = months_after(START, 6)
    true = work(due, due + 3 * DAY)
    for _run in range(stays + 1):
        run(true + jump)
        true += DAY
    work(true, due + GRACE - HOUR)
    assert is_known(signature)


def test_two_workers_at_once_do_what_one_does(signature: Signature) -> None:
    win(signature)
    run(START)
    due = months_after(START, 6)
    for moment in (due, due, due + DAY):
        run(moment)
        run(moment)
    assert Erasure.objects.exclude(announced_at=None).get().announced_at == due
    erased = [run(due + number * DAY) for number in range(2, 9) for _worker in range(2)]
    assert sum(erased) == 1


def test_who_signs_after_the_announcement_waits_for_the_next_one(signature: Signature) -> None:
    event = win(signature)
    run(START)
    due = months_after(START, 6)
    work(due, due + 3 * DAY)
    late = confirmed_at(signature, due + 3 * DAY)
    work(due + 4 * DAY, due + GRACE)
    assert not is_known(signature)
    assert is_known(late)
    work(due + GRACE + DAY, due + 2 * GRACE - HOUR)
    assert is_known(late)
    work(due + 2 * GRACE, due + 2 * GRACE + DAY)
    assert not is_known(late)
    assert event.pk


def confirmed_at(like: Signature, moment: datetime) -> Signature:
    """Another signature of the same petition."""
    number = Signature.objects.count()
    return Signature.objects.create(
        petition=like.petition,
        text=like.text,
        language="en",
        mailbox_key=f"key {number}",
        name_key=f"key {number}",
        email=f"a{number}@example.org",
        name="Somebody",
        country="US",
        status="confirmed",
        asked_at=moment,
        confirmed_at=moment,
    )


def test_a_stop_lasts_thirty_days_and_no_longer(signature: Signature) -> None:
    win(signature)
    run(START)
    due = months_after(START, 6)
    run(due)
    assert hold_back(signature.petition_id, due + DAY) == due + 31 * DAY
    work(due + DAY, due + 31 * DAY - HOUR)
    assert is_known(signature)
    run(due + 31 * DAY)
    assert not is_known(signature)


def test_a_stop_is_not_renewed(signature: Signature) -> None:
    win(signature)
    run(START)
    due = months_after(START, 6)
    run(due)
    assert hold_back(signature.petition_id, due + DAY)
    for day in range(2, 40):
        assert hold_back(signature.petition_id, due + day * DAY) is None
    work(due + DAY, due + 31 * DAY)
    assert not is_known(signature)


def test_a_stop_ends_with_the_act_that_it_stops(signature: Signature) -> None:
    event = win(signature)
    run(START)
    due = months_after(START, 6)
    run(due)
    hold_back(signature.petition_id, due + HOUR)
    event.delete()
    notice(due + DAY)
    assert not Erasure.objects.exclude(stopped_until=None).exists()


def test_no_stop_goes_beyond_21_months(signature: Signature) -> None:
    limit = months_after(START, 21)
    win(signature, (limit - 200 * DAY).date())
    run(limit - 200 * DAY)
    moment = limit - 15 * DAY
    run(moment)
    assert hold_back(signature.petition_id, moment) == limit
    for day in range(15):
        run(moment + day * DAY)
        assert is_known(signature)
    run(limit)
    assert not is_known(signature)


@dataclass
class History:
    """Random steps on one petition, with what was entered when, by its own book."""

    signature: Signature
    now: datetime = START
    # What stands in the database, by its row: kind, day, and since when it is entered so.
    entered: dict[Any, tuple[str, date | None, datetime]] = field(default_factory=dict)
    # Since when each announcement has been seen without a break.
    announced: dict[str, datetime] = field(default_factory=dict)
    forgotten: set[Any] = field(default_factory=set)
    opened: datetime = START
    has_been_away: bool = False

    def sign(self) -> None:
        petition = Petition.objects.get(pk=self.signature.petition_id)
        if petition.state(self.now) == Petition.State.OPEN:
            confirmed_at(self.signature, self.now)

    def act(self, kind: str, days: int) -> None:
        day = (self.now - days * DAY).date()
        petition = self.signature.petition
        if kind == "time":
            Petition.objects.filter(pk=petition.pk).update(closes_at=self.now - days * DAY)
            self.entered["time"] = ("time", day, self.now)
        elif kind in ("ended", "reinstated"):
            row: Any = TieEvent.objects.create(tie=petition.tie, kind=kind, date=day, **SOURCE)
            self.entered[row] = (kind, day, self.now)
        else:
            row = PetitionEvent.objects.create(petition=petition, kind=kind, date=day, **SOURCE)
            self.entered[row] = (kind, day, self.now)
        notice(self.now)

    def correct(self, number: int, days: int) -> None:
        if not self.entered:
            return
        row = list(self.entered)[number % len(self.entered)]
        kind = self.entered[row][0]
        day = self.now - days * DAY
        if row == "time":
            Petition.objects.filter(pk=self.signature.petition_id).update(closes_at=day)
        else:
            type(row).objects.filter(pk=row.pk).update(date=day.date())
        self.entered[row] = (kind, day.date(), self.now)
        notice(self.now)

    def delete(self, number: int) -> None:
        if self.entered:
            self.forget(list(self.entered)[number % len(self.entered)])
            notice(self.now)

    def forget(self, row: TieEvent | PetitionEvent | str) -> None:
        del self.entered[row]
        if isinstance(row, str):
            Petition.objects.filter(pk=self.signature.petition_id).update(closes_at=None)
        else:
            type(row).objects.filter(pk=row.pk).delete()

    def stop(self) -> None:
        hold_back(self.signature.petition_id, self.now)

    def live(self, days: int) -> None:
        for _day in range(days):
            self.now += DAY
            self.look()

    def away(self, days: int) -> None:
        self.has_been_away = True
        self.now += days * DAY
        self.look()

    def look(self) -> None:
        run(self.now)
        erased = Signature.objects.exclude(anonymised_at=None).exclude(pk__in=self.forgotten)
        for each in erased:
            self.check(each)
            self.forgotten.add(each.pk)
        rows = Erasure.objects.exclude(announced_at=None).values_list("act", flat=True)
        self.announced = {act: self.announced.get(act, self.now) for act in rows}
        self.check_limit()

    def check(self, erased: Signature) -> None:
        assert any(self.now - since >= GRACE for since in self.announced.values()), "no grace"
        is_limit = months_before(self.now, 21) >= self.opened
        assert is_limit or erased.asked_at <= self.now - GRACE
        assert is_limit or any(self.is_over(erased, *entry) for entry in self.entered.values()), (
            "too soon"
        )

    def is_over(self, erased: Signature, kind: str, day: date | None, entered: datetime) -> bool:
        if kind == "reinstated":
            return False
        if kind == "delivered" and day and erased.asked_at.date() > day:
            return False
        happened = datetime.combine(day, time.min, UTC) if day else entered
        return months_before(self.now, 1 if kind == "delivered" else 6) >= max(happened, entered)

    def check_limit(self) -> None:
        if not self.has_been_away and months_before(self.now, 21) >= self.opened:
            assert not Signature.objects.filter(anonymised_at=None).exists(), "kept too long"


KINDS = st.sampled_from(["delivered", "closed", "won", "ended", "reinstated", "time"])
# Typical slips: today, some days ago, a year, years.
BACK = st.sampled_from([0, 3, 40, 190, 365, 1500])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sign")),
        st.tuples(st.just("act"), KINDS, BACK),
        st.tuples(st.just("correct"), st.integers(0, 5), BACK),
        st.tuples(st.just("delete"), st.integers(0, 5)),
        st.tuples(st.just("stop")),
        st.tuples(st.just("live"), st.sampled_from([1, 5, 8, 33])),
        st.tuples(st.just("away"), st.sampled_from([2, 20, 200])),
    ),
    max_size=14,
)


def histories(signature: Signature, steps: list[Any]) -> Iterator[History]:
    """One history, undone afterwards."""
    with transaction.atomic():
        history = History(signature)
        history.look()
        for name, *details in steps:
            getattr(history, name)(*details)
        yield history
        transaction.set_rollback(True)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_happens_nobody_goes_too_soon_or_unannounced_or_stays_too_long(
    signature: Signature, steps: list[Any]
) -> None:
    for history in histories(signature, steps):
        history.live(10)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whoever_takes_everything_back_within_the_grace_saves_everybody(
    signature: Signature, steps: list[Any]
) -> None:
    for history in histories(signature, steps):
        known = set(Signature.objects.filter(anonymised_at=None).values_list("pk", flat=True))
        for row in list(history.entered):
            history.forget(row)
        limit = months_after(START, 21)
        if history.now + 20 * DAY >= limit:
            continue
        for day in range(1, 20):
            run(history.now + day * DAY)
        still = set(Signature.objects.filter(anonymised_at=None).values_list("pk", flat=True))
        assert still == known


def test_a_petition_that_is_left_alone_forgets_everybody_in_time(signature: Signature) -> None:
    limit = months_after(START, 21)
    history = History(signature)
    for step in (30 * DAY, DAY):
        while history.now < limit and (step == DAY or history.now < limit - 40 * DAY):
            history.sign()
            history.now += step
            history.look()
    assert history.forgotten
    assert not Signature.objects.filter(anonymised_at=None).exists()


def test_a_petition_without_signers_plans_nothing(portland: CityPages) -> None:
    Petition.objects.update(closes_at=START)
    run(START)
    assert not Erasure.objects.exists()
    assert not plans(START)
    assert erasing.STOP == 30 * DAY
