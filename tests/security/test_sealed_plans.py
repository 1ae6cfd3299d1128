"""A plan comes back from the one who was shown it, for what it was about, and soon."""

import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import signing

from security.sealed_plans import OutdatedPlanError, Seal

pytestmark = pytest.mark.any_database
PLAN = {"cities": ["Портленд", "Fresno"], "publish": True}


@dataclass(frozen=True)
class User:
    pk: int


def test_a_plan_comes_back_as_it_was() -> None:
    seal = Seal("launch")
    assert seal.open(seal.close(PLAN, User(1), 7), User(1), 7) == PLAN


@pytest.mark.parametrize(
    ("kind", "user", "subject"), [("po", 1, 7), ("launch", 2, 7), ("launch", 1, 8)]
)
def test_it_opens_for_nobody_else_and_nothing_else(kind: str, user: int, subject: int) -> None:
    sealed = Seal("launch").close(PLAN, User(1), 7)
    with pytest.raises(OutdatedPlanError):
        Seal(kind).open(sealed, User(user), subject)


@pytest.mark.parametrize("sealed", ["", "x", "a:b:c", signing.dumps(PLAN)])
def test_what_was_never_sealed_does_not_open(sealed: str) -> None:
    with pytest.raises(OutdatedPlanError):
        Seal("launch").open(sealed, User(1), 7)


def test_it_opens_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    seal = Seal("launch")
    sealed = seal.close(PLAN, User(1), 7)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + timedelta(minutes=59).seconds)
    assert seal.open(sealed, User(1), 7) == PLAN
    monkeypatch.setattr(time, "time", lambda: now + timedelta(minutes=61).seconds)
    with pytest.raises(OutdatedPlanError):
        seal.open(sealed, User(1), 7)
