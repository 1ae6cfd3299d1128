"""Every step of a signature's life, and what the count makes of it."""

from datetime import timedelta
from importlib import import_module
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from signatures import lifecycle
from signatures.lifecycle import STEPS
from signatures.models import (
    ExpiredNumber,
    Invalidation,
    Signature,
    SignatureQuerySet,
    Submission,
    fold_changes,
)
from signatures.signing import legal_holds
from signatures.signing.confirming import confirm_submission, erase_signature
from signatures.signing.tokens import own_token
from signatures.tasks import delete_unconfirmed
from tests.support.counted import assert_exact
from tests.support.factories import (
    confirmed,
    in_status,
    make_signature,
    make_submission,
    make_user,
    new_act,
    shown,
)
from tests.support.kinds import CityPages

pytestmark = pytest.mark.both_databases
Status = Signature.Status
NOW = timezone.now()


def only(*rows: Signature) -> SignatureQuerySet:
    return Signature.objects.filter(pk__in=[row.pk for row in rows])


def status_of(row: Signature) -> str:
    row.refresh_from_db()
    return row.status


def put(row: Signature, status: str) -> None:
    only(row).update(**in_status(status))


# The shortest way into each status.
WAYS = {
    Status.PENDING: (),
    Status.CONFIRMED: (Status.CONFIRMED,),
    Status.WITHDRAWN: (Status.CONFIRMED, Status.WITHDRAWN),
    Status.INVALIDATED: (Status.INVALIDATED,),
}


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_the_database_refuses_every_step_that_is_not_listed(
    portland: CityPages, before: Status, after: Status
) -> None:
    row = make_signature(portland["en"])
    for status in WAYS[before]:
        put(row, status)
    if before == after or (before, after) in STEPS:
        put(row, after)
        assert status_of(row) == after
        return
    with pytest.raises(DatabaseError), transaction.atomic():
        put(row, after)
    assert status_of(row) == before


def test_the_database_and_the_code_list_the_same_steps() -> None:
    listed = import_module("signatures.migrations.0004_lifecycle").STEPS
    assert set(listed) == {f"{before} {after}" for before, after in STEPS}


@pytest.mark.parametrize(
    ("way", "wrong"),
    [
        ((), {"invalidated_at": NOW}),
        ((), {"withdrawn_at": NOW}),
        ((Status.CONFIRMED,), {"confirmed_at": None}),
        ((Status.INVALIDATED,), {"invalidation": None}),
        ((Status.INVALIDATED,), {"held_at": NOW}),
        ((Status.CONFIRMED, Status.WITHDRAWN), {"withdrawn_at": None}),
        ((Status.CONFIRMED, Status.WITHDRAWN), {"held_at": NOW}),
    ],
)
def test_the_database_refuses_a_status_without_its_time(
    portland: CityPages, way: tuple[Status, ...], wrong: dict[str, Any]
) -> None:
    row = make_signature(portland["en"])
    for status in way:
        put(row, status)
    with pytest.raises(DatabaseError), transaction.atomic():
        only(row).update(**wrong)


def test_whoever_is_in_review_counts_and_shows_only_afterwards(portland: CityPages) -> None:
    row = shown(portland["en"])
    confirmed(portland["en"], "taras@example.org")
    assert lifecycle.hold(only(row)) == 1
    assert lifecycle.hold(only(row)) == 0
    assert_exact()
    fold_changes()
    assert_exact()
    assert Signature.objects.counted().count() == 1
    assert not Signature.objects.with_public_name().exists()
    row.refresh_from_db()
    for each in Signature.objects.all():
        told = Client().get(f"/en/signatures/{own_token(each)}/").content.decode()
        assert "Thank you for signing!" in told
        assert "is number" not in told, "nobody learns by it who is in review"
    assert lifecycle.release(Signature.objects.all()) == 1
    assert_exact()
    assert Signature.objects.counted().count() == 2
    assert Signature.objects.with_public_name().exists()
    assert "is number" in Client().get(f"/en/signatures/{own_token(row)}/").content.decode()


def test_what_is_held_before_it_is_confirmed_stays_in_review(portland: CityPages) -> None:
    sent = make_submission(portland["en"])
    lifecycle.hold(only(sent.signature))
    signature = confirm_submission(sent)
    assert signature is not None
    assert signature.is_confirmed
    assert not signature.is_counted
    assert_exact()


def test_an_undone_invalidation_brings_each_back_to_what_it_was(portland: CityPages) -> None:
    page, user = portland["en"], make_user("officer")
    counted, waiting = confirmed(page), make_signature(page, "taras@example.org")
    gone, erased = (confirmed(page, f"{name}@example.org") for name in ("ivan", "petro"))
    lifecycle.withdraw(gone)
    act = new_act()
    assert lifecycle.invalidate(Signature.objects.all(), act) == 3
    assert_exact()
    assert [status_of(row) for row in (counted, waiting, gone)] == [
        *(Status.INVALIDATED, Status.INVALIDATED, Status.WITHDRAWN)
    ]
    erased.refresh_from_db()
    erase_signature(erased)
    assert lifecycle.undo(act, user) == 2
    assert lifecycle.undo(act, user) == 0
    assert [status_of(row) for row in (counted, waiting)] == [Status.CONFIRMED, Status.PENDING]
    assert_exact()
    act.refresh_from_db()
    assert (act.number, act.undone_number, act.undone_by) == (3, 2, user)


def test_an_undo_that_was_stopped_goes_on(portland: CityPages) -> None:
    row, act = confirmed(portland["en"]), new_act()
    lifecycle.invalidate(only(row), act)
    Invalidation.objects.update(undone_at=timezone.now())
    assert lifecycle.go_on_undoing(act) == 1
    assert status_of(row) == Status.CONFIRMED


def test_an_undo_leaves_what_another_act_took(portland: CityPages) -> None:
    row, first, second = confirmed(portland["en"]), new_act(), new_act()
    lifecycle.invalidate(only(row), first)
    lifecycle.undo(first, None)
    lifecycle.invalidate(only(row), second)
    assert lifecycle.undo(first, None) == 0
    assert lifecycle.go_on_undoing(first) == 0
    assert status_of(row) == Status.INVALIDATED


def test_the_invalid_cannot_be_confirmed_and_sign_no_second_time(portland: CityPages) -> None:
    sent = make_submission(portland["en"])
    lifecycle.invalidate(only(sent.signature), new_act())
    assert confirm_submission(sent) is None
    assert confirm_submission(make_submission(portland["en"])) is None
    assert status_of(sent.signature) == Status.INVALIDATED


def test_a_legal_hold_locks_what_is_invalid(portland: CityPages) -> None:
    row = confirmed(portland["en"])
    lifecycle.invalidate(only(row), new_act())
    legal_holds.place(row, "a claim", timezone.now() + timedelta(days=9))
    erase_signature(row)
    assert status_of(row) == Status.WITHDRAWN


def test_what_expires_lives_on_as_numbers_by_day_language_and_reason(portland: CityPages) -> None:
    long_ago = timezone.now() - timedelta(days=8)
    rows = [make_signature(portland["en"], f"{number}@example.org") for number in range(3)]
    rows.append(make_signature(portland["uk"]))
    lifecycle.invalidate(only(rows[0]), new_act())
    Submission.objects.update(created_at=long_ago)
    Signature.objects.update(asked_at=long_ago)
    fresh = make_signature(portland["en"], "new@example.org")
    assert delete_unconfirmed() == 4
    assert delete_unconfirmed() == 0
    assert list(Signature.objects.all()) == [fresh]
    numbers = ExpiredNumber.objects.order_by("language", "reason")
    assert list(numbers.values_list("day", "language", "reason", "number")) == [
        (long_ago.date(), "en", "", 2),
        (long_ago.date(), "en", "automated", 1),
        (long_ago.date(), "uk", "", 1),
    ]
