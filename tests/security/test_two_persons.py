"""What takes two persons is done by none alone."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from security import two_persons
from security.models import GRANT_WITHIN, Approval, AuditEntry
from security.two_persons import Act, RefusedError
from tests.conftest import Clock
from tests.support.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
RIGHT = "signatures.delete_signature"


class Deed:
    """An act that notes for what it was done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.error: Exception | None = None

    def do(self, approval: Approval) -> None:
        if self.error:
            raise self.error
        self.done.append(approval.subject)


@pytest.fixture
def deed(monkeypatch: pytest.MonkeyPatch) -> Deed:
    deed = Deed()
    act = Act("thing.razed", lambda user: bool(user.has_perm(RIGHT)), lambda key: key, deed.do)
    monkeypatch.setattr(two_persons, "acts", {act.name: act})
    return deed


def entitled(name: str) -> User:
    user = make_user(name)
    user.user_permissions.add(Permission.objects.get(codename="delete_signature"))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def asker() -> User:
    return entitled("asker")


@pytest.fixture
def other() -> User:
    return entitled("other")


@pytest.fixture
def approval(deed: Deed, asker: User) -> Approval:
    return two_persons.ask("thing.razed", "7", asker, "It is old.")


def logged() -> list[tuple[str, int | None, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("act", "by", "row", "reason"))


def test_one_asks_another_grants_and_both_are_on_record(
    deed: Deed, asker: User, other: User, approval: Approval
) -> None:
    assert two_persons.waiting_for(asker) == []
    assert two_persons.waiting_for(other) == [approval]
    assert deed.done == []
    two_persons.grant(approval, other)
    assert deed.done == ["7"]
    assert logged() == [
        ("thing.razed.asked", asker.pk, "7", "It is old."),
        ("thing.razed.granted", other.pk, "7", ""),
    ]
    assert two_persons.waiting_for(other) == []


def test_nobody_grants_ones_own(deed: Deed, asker: User, approval: Approval) -> None:
    with pytest.raises(RefusedError):
        two_persons.grant(approval, asker)
    with pytest.raises(RefusedError):
        two_persons.refuse(approval, asker, "No.")
    assert deed.done == []
    # Nor past the code.
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(state="granted", decided_by=asker, decided_at=timezone.now())


def test_rights_are_asked_when_it_is_granted(
    deed: Deed, asker: User, other: User, approval: Approval
) -> None:
    with pytest.raises(RefusedError):
        two_persons.grant(approval, make_user("stranger"))
    for lose in ("right", "account"):
        with transaction.atomic():
            if lose == "right":
                asker.user_permissions.clear()
            else:
                User.objects.filter(pk=asker.pk).update(is_active=False)
            with pytest.raises(RefusedError):
                two_persons.grant(approval, other)
            transaction.set_rollback(True)
    assert deed.done == []
    with pytest.raises(RefusedError):
        two_persons.ask("thing.razed", "8", make_user("nobody"), "Why not.")


def test_what_nobody_decides_in_a_week_is_asked_anew(
    clock: Clock, deed: Deed, asker: User, other: User
) -> None:
    old = two_persons.ask("thing.razed", "7", asker, "It is old.")
    assert two_persons.ask("thing.razed", "7", other, "Too.") == old
    clock.go_on(seconds=(GRANT_WITHIN + timedelta(seconds=1)).total_seconds())
    assert two_persons.waiting_for(other) == []
    with pytest.raises(RefusedError):
        two_persons.grant(old, other)
    assert deed.done == []
    again = two_persons.ask("thing.razed", "7", asker, "Still.")
    assert again.pk != old.pk
    two_persons.grant(again, other)
    assert deed.done == ["7"]


@pytest.mark.parametrize("end", ["granted", "refused", "withdrawn"])
def test_what_is_decided_is_decided_once(
    deed: Deed, asker: User, other: User, approval: Approval, end: str
) -> None:
    decide = {
        "granted": lambda: two_persons.grant(approval, other),
        "refused": lambda: two_persons.refuse(approval, other, "Not now."),
        "withdrawn": lambda: two_persons.withdraw(approval, asker),
    }
    decide[end]()
    for again in decide.values():
        with pytest.raises(RefusedError):
            again()
    assert len(deed.done) == (end == "granted")
    assert [act for act, *_rest in logged()] == ["thing.razed.asked", f"thing.razed.{end}"]


def test_what_cannot_be_done_is_not_granted(deed: Deed, other: User, approval: Approval) -> None:
    deed.error = RefusedError("It is gone.")
    with pytest.raises(RefusedError):
        two_persons.grant(approval, other)
    approval.refresh_from_db()
    assert approval.state == "waiting"
    assert len(logged()) == 1


def test_of_a_deleted_account_nothing_waits(
    deed: Deed, asker: User, other: User, approval: Approval
) -> None:
    asker.delete()
    assert two_persons.waiting_for(other) == []
    assert len(logged()) == 1
