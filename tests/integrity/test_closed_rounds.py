"""What staff do on the desk leaves a closed round's number alone; who is cleared later is asked anew."""

import uuid

import pytest
from django.core import mail

from accounts.models import User
from campaigns.models import Petition, PetitionPage, Round
from jobs.worker import drain
from signatures.keeping import asking_anew
from signatures.keeping.rounds import begin_round
from signatures.models import Signature
from signatures.signing.tokens import own_token
from tests.conftest import Clock
from tests.integrity import desk
from tests.officers_desk.acting import Officer
from tests.support.counted import assert_exact
from tests.support.factories import confirmed
from tests.support.kinds import SmallSite
from tests.support.logins import login
from translations.dates.months import months_before

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def page(site: SmallSite, clock: Clock) -> PetitionPage:
    """Of the one petition whose first round ends in two months."""
    page = site["portland"]["en"]
    opened_at = months_before(clock.now, 19)
    Petition.objects.filter(pk=page.petition_id).update(created_at=opened_at)
    return page


def begin(page: PetitionPage, clock: Clock) -> Round:
    """The round that is closed by it; those who counted in it are asked to sign again."""
    clock.go_on(hours=25)
    drain()
    begin_round.call(petition=str(page.petition_id), user=0)
    drain()
    mail.outbox.clear()
    clock.go_on(hours=1)
    return Round.objects.get()


def at_the_desk(role: str = "officer") -> Officer:
    """Logged in just now: days go by in these tests."""
    return Officer(login(role), User.objects.get(username=role))


def asked() -> list[str]:
    drain()
    return [sent.to[0] for sent in mail.outbox if "/anew/" in str(sent.body)]


def found(officer: Officer, **chosen: str) -> str:
    status = desk.look(officer, **chosen).select_one("#found [role=status]")
    assert status
    return status.text


def state(signature: Signature) -> tuple[str, bool]:
    signature.refresh_from_db()
    return signature.status, bool(signature.held_at)


def test_an_act_on_all_touches_the_round_that_goes_on_alone(
    page: PetitionPage, clock: Clock
) -> None:
    old = [confirmed(page, f"old{number}@example.org") for number in range(2)]
    closed = begin(page, clock)
    officer = at_the_desk()
    new = confirmed(page, "new@example.org", country="US")
    clock.go_on(hours=1)
    assert found(officer).startswith("1 signature.")
    for act, becomes in (("hold", ("confirmed", True)), ("invalidate", ("invalidated", False))):
        made = desk.press(officer, act, desk.look(officer), sure="1")
        assert made.status_code == 302
        drain()
        assert state(new) == becomes
        assert [state(each) for each in old] == [("confirmed", False)] * 2
    closed.refresh_from_db()
    assert closed.signatures == 2
    assert_exact()


def test_who_is_released_after_the_round_was_closed_is_asked_then_and_once(
    page: PetitionPage, clock: Clock
) -> None:
    confirmed(page, "counted@example.org")
    held = confirmed(page, "held@example.org")
    Signature.objects.filter(pk=held.pk).update(held_at=clock.now)
    closed = begin(page, clock)
    officer = at_the_desk()
    desk.press(officer, "release", desk.look(officer, in_review="yes"))
    assert asked() == ["held@example.org"]
    assert found(officer, in_review="yes").startswith("0 signatures.")
    assert state(held) == ("confirmed", False)
    assert f"/en/signatures/{own_token(held)}/anew/" in mail.outbox[0].body
    closed.refresh_from_db()
    assert closed.signatures == 1, "as of the day on which it was closed"
    assert_exact()


def test_whose_invalidation_is_undone_after_the_round_was_closed_is_asked_then(
    page: PetitionPage, clock: Clock
) -> None:
    confirmed(page, "counted@example.org", country="US")
    wronged = confirmed(page, "wronged@example.org", country="BR")
    clock.go_on(hours=1)
    made = desk.sweep(at_the_desk(), "invalidate", country="BR")
    closed = begin(page, clock)
    assert state(wronged) == ("invalidated", False)
    second = at_the_desk("moderator")
    for _time in range(2):
        desk.undo(second, made)
        assert asked() == ["wronged@example.org"]
    assert state(wronged) == ("confirmed", False)
    closed.refresh_from_db()
    assert closed.signatures == 1
    assert_exact()


def test_whoever_is_released_before_their_turn_is_asked_in_it(
    page: PetitionPage, clock: Clock
) -> None:
    held = confirmed(page, "held@example.org")
    Signature.objects.filter(pk=held.pk).update(held_at=clock.now)
    closed = begin(page, clock)
    Round.objects.update(asked_up_to=uuid.UUID(int=0))
    Signature.objects.filter(pk=held.pk).update(held_at=None)
    asking_anew.ask_late(Signature.objects.filter(pk=held.pk))
    assert asked() == []
    asking_anew.ask_all.call(closed=closed.pk)
    assert asked() == ["held@example.org"]
