"""A round is closed with its number, and who signs in the next is counted anew, and known once."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime

from campaigns.models import CampaignPage, Petition, PetitionPage, Round
from signatures import counts, lifecycle
from signatures.keeping.erasing import forget_mailboxes, run
from signatures.keeping.retention import kept_until
from signatures.keeping.rounds import begin_round
from signatures.models import Invalidation, Signature
from signatures.signing.confirming import confirm_submission, erase_signature
from tests.conftest import Clock
from tests.support.counted import assert_exact
from tests.support.factories import confirmed, make_submission, make_user, shown
from tests.support.kinds import SmallSite
from translations.dates.months import months_after, months_before

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def page(site: SmallSite, clock: Clock) -> PetitionPage:
    """Of a petition that opened nineteen months ago."""
    Petition.objects.update(created_at=months_before(clock.now, 19))
    page = site["portland"]["en"]
    page.petition.refresh_from_db()
    return page


def begin(page: PetitionPage | CampaignPage, clock: Clock) -> Round:
    """The round that is closed by it."""
    begin_round.call(petition=str(page.petition_id), user=0)
    clock.go_on(hours=1)
    page.petition = Petition.objects.get(pk=page.petition_id)
    return page.petition.rounds.latest("number")


def opened_at(page: PetitionPage) -> datetime:
    opened = page.petition.opened_at
    assert opened
    return opened


def test_the_closed_round_keeps_its_number_and_the_next_begins_at_zero(
    page: PetitionPage, site: SmallSite, clock: Clock
) -> None:
    confirmed(page, "both@example.org")
    confirmed(page, "here@example.org", country="US", lives_here=True)
    confirmed(site["campaign"]["en"], "both@example.org")
    began_at = opened_at(page)
    closed = begin(page, clock)
    assert (closed.number, closed.signatures, closed.people) == (1, 2, None)
    assert (closed.opened_at, opened_at(page)) == (began_at, closed.closed_at)
    assert counts.signatures_of(page.petition) == 0
    campaign = Petition.objects.get(parent=None)
    assert counts.people_of(campaign) == 1, "who signed for the campaign, too, is one of its people"
    assert_exact()


def test_a_campaigns_round_keeps_the_number_of_its_people(
    page: PetitionPage, site: SmallSite, clock: Clock
) -> None:
    confirmed(page, "here@example.org")
    confirmed(site["campaign"]["en"], "there@example.org")
    closed = begin(site["campaign"]["en"], clock)
    assert (closed.signatures, closed.people, closed.shown) == (1, 2, 2)
    assert counts.people_of(closed.petition) == 1
    assert_exact()


def test_who_signs_again_counts_once_and_is_known_by_the_new_signature_alone(
    page: PetitionPage, clock: Clock
) -> None:
    before = confirmed(page, "a@example.org")
    confirmed(page, "b@example.org")
    closed = begin(page, clock)
    again = confirmed(page, "a@example.org")
    assert again != before
    assert counts.signatures_of(page.petition) == 1
    before.refresh_from_db()
    assert (before.round, before.is_confirmed, before.email) == (closed, True, "")
    assert before.anonymised_at
    assert Signature.objects.filter(anonymised_at=None).count() == 2
    assert confirmed(page, "a@example.org") == again, "the same round knows them"
    assert_exact()


def test_who_had_not_confirmed_counts_in_the_next_round(page: PetitionPage, clock: Clock) -> None:
    waiting = make_submission(page, "late@example.org")
    changed = confirmed(page, "changed@example.org", country="UA")
    change = make_submission(page, "changed@example.org", country="US")
    closed = begin(page, clock)
    assert closed.signatures == 1
    made = confirm_submission(waiting)
    assert made == waiting.signature
    assert made.is_counted
    new = confirm_submission(change)
    assert new
    assert new != changed
    assert (new.country, new.is_counted) == ("US", True)
    assert counts.signatures_of(page.petition) == 2
    assert_exact()


def test_what_becomes_of_a_closed_rounds_signatures_moves_no_number(
    page: PetitionPage, clock: Clock
) -> None:
    rows = [confirmed(page, f"{name}@example.org") for name in ("in", "held", "out", "off", "not")]
    counting, held, withdrawn, erased, invalid = rows
    lifecycle.hold(Signature.objects.filter(pk=held.pk))
    act = Invalidation.objects.create(reason=Invalidation.Reason.OTHER)
    lifecycle.invalidate(Signature.objects.filter(pk=invalid.pk), act)
    closed = begin(page, clock)
    assert closed.signatures == 3, "as of then"
    assert lifecycle.release(Signature.objects.filter(pk=held.pk)) == 1
    assert lifecycle.undo(act, None) == 1
    assert lifecycle.withdraw(withdrawn)
    erase_signature(erased)
    assert not Signature.objects.filter(pk=erased.pk).exists()
    assert counts.signatures_of(page.petition) == 0
    closed.refresh_from_db()
    assert closed.signatures == 3
    counting.refresh_from_db()
    assert not counting.is_counted
    assert_exact()


def test_nobody_of_a_closed_round_is_shown_or_waits_for_moderators(
    page: PetitionPage, clock: Clock
) -> None:
    shown(page, "shown@example.org", comment="Words")
    confirmed(page, "unread@example.org", show_name=True)
    begin(page, clock)
    assert not Signature.objects.with_public_name().exists()
    assert not Signature.objects.with_public_comment().exists()
    assert not Signature.objects.awaiting_moderation("name").exists()


def test_each_round_keeps_its_signers_21_months_from_its_own_opening(
    page: PetitionPage, clock: Clock
) -> None:
    old = confirmed(page, "a@example.org")
    other = confirmed(page, "b@example.org")
    began_at = opened_at(page)
    limit = months_after(began_at, 21)
    assert kept_until(old, clock.now) == limit
    closed = begin(page, clock)
    old.refresh_from_db()
    again = confirmed(page, "b@example.org")
    assert kept_until(old, clock.now) == limit
    assert kept_until(again, clock.now) == months_after(closed.closed_at, 21)
    while clock.now <= limit + timedelta(days=1):
        run(clock.now)
        clock.go_on(hours=24)
    old.refresh_from_db()
    again.refresh_from_db()
    assert old.anonymised_at
    assert not again.anonymised_at
    key = again.mailbox_key
    assert forget_mailboxes() == 2
    for each in (old, other, again):
        each.refresh_from_db()
    assert again.mailbox_key == key
    assert key not in (old.mailbox_key, other.mailbox_key)
    assert forget_mailboxes() == 0
    assert_exact()


def test_a_round_begins_once_and_not_before_its_time(page: PetitionPage, clock: Clock) -> None:
    user = make_user("moderator")
    Petition.objects.update(created_at=months_before(clock.now, 17))
    for _press in range(2):
        begin_round.call(petition=str(page.petition_id), user=user.pk)
        assert not Round.objects.exists()
    Petition.objects.update(created_at=months_before(clock.now, 19))
    for _press in range(2):
        begin_round.call(petition=str(page.petition_id), user=user.pk)
    assert [each.number for each in Round.objects.all()] == [1]


def test_the_page_and_the_api_tell_a_closed_number_beside_the_new_one(
    page: PetitionPage, site: SmallSite, clock: Clock
) -> None:
    address = f"/api/petitions/{page.petition_id}/"
    assert Client().get(address).json()["rounds"] == []
    for number in range(2):
        confirmed(page, f"{number}@example.org")
    closed = begin(page, clock)
    confirmed(page, "new@example.org")
    data = Client().get(address).json()
    assert data["signatures"] == 1
    (told,) = data["rounds"]
    assert (told["number"], told["signatures"]) == (1, 2)
    assert parse_datetime(told["closed_at"]) == closed.closed_at
    assert "people" not in told
    html = Client().get(page.url).content.decode()
    assert "Round 1 closed on March 1, 2026, with 2 signatures." in html
    assert "<strong>1</strong> signature." in html
    ukrainian = Client().get(site["portland"]["uk"].url).content.decode()
    assert "Збір №\u00a01 завершився 1\u00a0березня 2026" in ukrainian
    begin(site["campaign"]["en"], clock)
    campaign = Client().get(f"/api/petitions/{site['campaign']['en'].petition_id}/").json()
    assert campaign["rounds"][0]["people"] == 1
