"""A total is what the rows say, whatever is done to them, in whatever way and order."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pytest_django import DjangoAssertNumQueries

from campaigns.models import City, Petition, Tie
from signatures import counts, lifecycle, tallies
from signatures.keeping.erasing import erase_people
from signatures.keeping.rounds import close_round
from signatures.models import PlaceTally, Signature, Tally, TallyChange, fold_changes
from signatures.signing.confirming import erase_signature
from signatures.signing.upsert import keep
from tests.support.counted import assert_exact, by_the_rows, places_by_the_rows
from tests.support.factories import confirmed, in_status, new_act
from tests.support.kinds import SmallSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TABLE = "signatures_signature"
PERSONS = [(key, seat) for key in "abc" for seat in (0, 1)]
STATUSES = st.sampled_from(Signature.Status.values)
# Of two campaigns: each by itself, and its cities.
PLACES = st.integers(0, 4)
WAYS = st.sampled_from(["save", "update", "bulk_update", "sql"])
WHICH = st.integers(0, 30)
SEAT = ("petition_id", "mailbox_key", "seat")
COLUMNS = Signature._meta.concrete_fields
NAMES = ", ".join(field.attname for field in COLUMNS)
MARKS = f"({', '.join(['%s'] * len(COLUMNS))})"


# Whoever took theirs back and was erased has no time any more; the database lets nobody count them.
MAY_COUNT = Signature.objects.exclude(confirmed_at=None)


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def stored(key: uuid.UUID) -> object:
    return Signature._meta.pk.get_db_prep_value(key, connection)


def values(row: Signature) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in COLUMNS]


class KilledError(Exception):
    pass


@contextmanager
def unless_refused() -> Iterator[None]:
    """A step that the database lets nobody take changes nothing."""
    with suppress(DatabaseError), transaction.atomic():
        yield


class Site(RuleBasedStateMachine):
    """Everything that makes a row count or cease to, and a worker who folds, dies and proves."""

    petitions: list[Petition]
    spare: Tie
    fields: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def made(self, place: int, person: tuple[str, int], status: str) -> Signature:
        petition, (key, seat) = self.petitions[place], person
        fields = {**self.fields, "confirmed_at": timezone.now(), **in_status(status)}
        return Signature(petition=petition, mailbox_key=key * 64, seat=seat, **fields)

    def one(self, which: int) -> Signature | None:
        found = list(MAY_COUNT.order_by("petition", "mailbox_key", "seat"))
        return found[which % len(found)] if found else None

    @rule(place=PLACES, person=st.sampled_from(PERSONS), status=STATUSES, is_kept=st.booleans())
    def sign(self, place: int, person: tuple[str, int], status: str, is_kept: bool) -> None:
        row = self.made(place, person, status)
        if is_kept:
            keep(row, unique=SEAT, where="round_id IS NULL")
        else:
            Signature.objects.bulk_create([row], ignore_conflicts=True)

    @rule(place=PLACES, statuses=st.lists(STATUSES, min_size=len(PERSONS), max_size=len(PERSONS)))
    def load(self, place: int, statuses: list[str]) -> None:
        rows = [
            self.made(place, person, status)
            for person, status in zip(PERSONS, statuses, strict=True)
        ]
        settled = [*in_status("pending"), "confirmed_at"]
        changed = [each.attname for each in COLUMNS if each.name in settled]
        with unless_refused():
            sql(
                f"INSERT INTO {TABLE} ({NAMES}) VALUES {', '.join([MARKS] * len(rows))}"
                f" ON CONFLICT ({', '.join(SEAT)}) WHERE round_id IS NULL DO UPDATE SET "
                + ", ".join(f"{name} = excluded.{name}" for name in changed),
                *(value for row in rows for value in values(row)),
            )

    @rule(which=WHICH, status=STATUSES, way=WAYS)
    def decide(self, which: int, status: str, way: str) -> None:
        row = self.one(which)
        if row is None:
            return
        wanted = in_status(status)
        for name, value in wanted.items():
            setattr(row, name, value)
        with unless_refused():
            if way == "save":
                row.save()
            elif way == "update":
                Signature.objects.filter(pk=row.pk).update(**wanted)
            elif way == "bulk_update":
                Signature.objects.bulk_update([row], list(wanted))
            else:
                sql(f"UPDATE {TABLE} SET status = %s WHERE id = %s", status, stored(row.pk))

    @rule(place=PLACES, status=STATUSES)
    def decide_all(self, place: int, status: str) -> None:
        with unless_refused():
            MAY_COUNT.filter(petition=self.petitions[place]).update(**in_status(status))

    @rule(which=WHICH, is_held=st.booleans(), way=st.sampled_from(["review", "update"]))
    def review(self, which: int, is_held: bool, way: str) -> None:
        row = self.one(which)
        if row is None:
            return
        rows = Signature.objects.filter(pk=row.pk)
        if way == "review":
            (lifecycle.hold if is_held else lifecycle.release)(rows)
        else:
            with unless_refused():
                rows.update(held_at=timezone.now() if is_held else None)

    @rule(place=PLACES, is_undone=st.booleans())
    def invalidate(self, place: int, is_undone: bool) -> None:
        act = new_act()
        lifecycle.invalidate(Signature.objects.filter(petition=self.petitions[place]), act)
        if is_undone:
            lifecycle.undo(act, None)

    @rule(
        which=WHICH,
        country=st.sampled_from(["US", "UA"]),
        lives_here=st.sampled_from([None, False, True]),
        has_home=st.booleans(),
    )
    def correct(self, which: int, country: str, lives_here: bool | None, has_home: bool) -> None:
        """As an officer does, or the signer who sends the form again."""
        if row := self.one(which):
            home = self.spare.city if has_home else None
            changes = {"country": country, "lives_here": lives_here, "home_city": home}
            Signature.objects.filter(pk=row.pk).update(**changes)

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        if row := self.one(which):
            lifecycle.withdraw(row)

    @rule(which=WHICH)
    def erase(self, which: int) -> None:
        if row := self.one(which):
            erase_signature(row)
            assert not TallyChange.objects.exists(), "somebody who is erased is named"

    @rule(place=PLACES)
    def anonymize(self, place: int) -> None:
        erase_people(Signature.objects.filter(petition=self.petitions[place]), timezone.now())

    @rule(place=PLACES)
    def close(self, place: int) -> None:
        """What was counted stays told, and counts no more."""
        petition = self.petitions[place]
        told = tallies.totals()[petition.pk]
        closed = close_round(petition, timezone.now())
        assert (closed.signatures, closed.people) == told
        assert not TallyChange.objects.exists()

    @rule(which=WHICH, person=st.sampled_from(PERSONS), place=PLACES)
    def move(self, which: int, person: tuple[str, int], place: int) -> None:
        """As two petitions or two mailboxes that become one."""
        row, there = self.one(which), self.made(place, person, "pending")
        seat = {name: getattr(there, name) for name in SEAT}
        if row and not Signature.objects.filter(**seat).exists():
            Signature.objects.filter(pk=row.pk).update(**seat)

    @rule(which=WHICH, status=STATUSES)
    def replace(self, which: int, status: str) -> None:
        """By SQLite's own word; PostgreSQL has none, and takes two statements."""
        row = self.one(which)
        if row is None:
            return
        row.id = uuid.uuid4()
        for name, value in in_status(status).items():
            setattr(row, name, value)
        if connection.vendor == "postgresql":
            sql(
                f"DELETE FROM {TABLE} WHERE mailbox_key = %s AND seat = %s AND petition_id = %s"
                " AND round_id IS NOT DISTINCT FROM %s",
                row.mailbox_key,
                row.seat,
                row.petition_id,
                row.round_id,
            )
            row.save(force_insert=True)
            return
        sql(f"INSERT OR REPLACE INTO {TABLE} ({NAMES}) VALUES {MARKS}", *values(row))

    @rule(place=PLACES, by_sql=st.booleans())
    def delete(self, place: int, by_sql: bool) -> None:
        petition = self.petitions[place]
        if by_sql:
            sql(f"DELETE FROM {TABLE} WHERE petition_id = %s", stored(petition.pk))
        else:
            Signature.objects.filter(petition=petition).delete()

    @rule()
    def empty(self) -> None:
        if connection.vendor == "postgresql":
            sql("SET CONSTRAINTS ALL IMMEDIATE")
            sql(f"TRUNCATE {TABLE} CASCADE")
        else:
            sql(f"DELETE FROM {TABLE}")

    @rule(number=st.integers(0, 3))
    def delete_a_city(self, number: int) -> None:
        """With all that was signed there, counted or not yet."""
        city = Petition.objects.create(parent=self.petitions[0], tie=self.spare, time_zone="UTC")
        rows = [self.made(0, person, "confirmed") for person in PERSONS[:number]]
        for row in rows:
            row.petition = city
        Signature.objects.bulk_create(rows)
        if number % 2:
            fold_changes()
        Signature.objects.filter(petition=city).delete()
        city.delete()

    @rule()
    def fold(self) -> None:
        before = tallies.totals(), tallies.places()
        fold_changes()
        assert (tallies.totals(), tallies.places()) == before
        assert not TallyChange.objects.exists()

    @rule(place=PLACES, dies=st.sampled_from(["folding", "signing"]))
    def die(self, place: int, dies: str) -> None:
        with suppress(KilledError), transaction.atomic():
            waiting = Signature.objects.filter(petition=self.petitions[place], status="pending")
            waiting.update(status="confirmed")
            if dies == "folding":
                fold_changes()
            raise KilledError

    @rule(place=PLACES, kind=st.sampled_from(["tally", "no tally", "place", "change", "lost"]))
    def drift(self, place: int, kind: str) -> None:
        """Planted by hand, told of the right petitions, and mended."""
        petition = self.petitions[place]
        if kind == "tally":
            Tally.objects.update_or_create(
                petition=petition, defaults={"signatures": 7, "people": -2}
            )
        elif kind == "no tally":
            Tally.objects.filter(petition=petition).delete()
        elif kind == "place":
            PlaceTally.objects.update_or_create(
                petition=petition, country="US", is_resident=True, defaults={"signatures": 5}
            )
        elif kind == "change":
            TallyChange.objects.create(petition=petition, mailbox_key="a" * 64, seat=0, step=1)
        else:
            TallyChange.objects.filter(petition=petition).delete()
        told = {key for key, total in tallies.totals().items() if total != by_the_rows()[key]}
        places, lived = tallies.places(), places_by_the_rows()
        told |= {each.pk for each in self.petitions if places[each.pk] != lived[each.pk]}
        found = [each for each in tallies.recount(mends=False) if each]
        assert {each.petition_id for each in found} == told
        assert {each.petition_id for each in tallies.recount() if each} == told
        assert [each for each in tallies.recount() if each] == []

    @invariant()
    def is_exact(self) -> None:
        assert_exact()


def fields_of(signature: Signature) -> dict[str, Any]:
    place = {"id", "petition", "mailbox_key", "seat", "confirmed_at", *in_status("pending")}
    return {
        field.attname: getattr(signature, field.attname)
        for field in Signature._meta.concrete_fields
        if field.name not in place
    }


def test_a_total_is_what_the_rows_say_whatever_is_done(site: SmallSite) -> None:
    portland = site["portland"]["en"].petition
    assert portland.tie
    other = Petition.objects.create(time_zone="UTC")
    near, far, spare = (
        Tie.objects.create(city=city, sister_city=portland.tie.sister_city)
        for city in (City.objects.create(key=key, country="US") for key in ("near", "far", "spare"))
    )
    more = [
        Petition.objects.create(parent=portland.parent, tie=near, time_zone="UTC"),
        Petition.objects.create(parent=other, tie=far, time_zone="UTC"),
    ]
    signature = confirmed(site["portland"]["en"])
    given = {
        "petitions": [portland.parent, portland, *more, other],
        "spare": spare,
        "fields": fields_of(signature),
    }
    signature.delete()
    machine = type("Machine", (Site,), given)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_total_takes_one_statement(
    site: SmallSite, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """However many have signed since it was folded; what reads several moments would tell none."""
    portland = site["portland"]["en"].petition
    campaign = site["campaign"]["en"].petition
    assert campaign
    for number in range(3):
        signature = confirmed(site["portland"]["en"], f"{number}@example.org")
    asked = {
        "of a city": lambda: counts.signatures_of(portland),
        "of a campaign": lambda: counts.people_of(campaign),
        "of many": lambda: counts.signatures_by_petition([portland.pk, campaign.pk]),
        "of all": counts.shown_numbers,
        "of a list": lambda: list(Petition.objects.values_list("pk", counts.signatures_total())),
        "a place": lambda: counts.position_of(signature),
    }
    for ask in asked.values():
        with django_assert_num_queries(1):
            ask()


def test_everybody_has_a_number_that_follows_the_one_before(site: SmallSite) -> None:
    page = site["portland"]["en"]
    signed = [confirmed(page, f"{number}@example.org") for number in range(4)]
    # Two at the same moment, and one who is not among those that count.
    Signature.objects.filter(pk=signed[2].pk).update(confirmed_at=signed[1].confirmed_at)
    lifecycle.withdraw(signed[0])
    fold_changes()
    signed.append(confirmed(page, "last@example.org"))
    numbers = [counts.position_of(row) for row in Signature.objects.confirmed()]
    assert (len(numbers), {*numbers}) == (4, {1, 2, 3, 4})
    assert counts.position_of(Signature.objects.get(pk=signed[-1].pk)) == 4
