"""What comes in a wave is held, is told of once, and holds up nobody who is no part of it."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.users.models import UserProfile

from accounts.models import User
from campaigns.models import PetitionPageBase, TextVersion
from integrity.models import Wave
from integrity.tasks import forget_traits, watch, watch_slow_ones
from integrity.watch.thresholds import OF_DAY, OF_HOUR, What
from jobs.worker import drain
from signatures import lifecycle
from signatures.models import Invalidation, Signature, Submission
from signatures.signing.confirming import confirm_submission
from tests.conftest import Clock
from tests.support.factories import confirmed, make_submission
from tests.support.kinds import CityPages, SmallSite
from tests.support.logins import login

pytestmark = pytest.mark.both_databases
NETWORK: dict[str, Any] = {"network": "n" * 64}
FEW, MANY = OF_HOUR[What.NETWORK].number - 1, OF_HOUR[What.NETWORK].number
SLOW = OF_DAY[What.NETWORK].number
numbers: Iterator[int] = itertools.count()


def signed(page: PetitionPageBase, number: int, **traits: Any) -> list[Submission]:
    """So many at a moment, not confirmed, with what they have in common."""
    TextVersion.record([(page.petition, page.words)])
    text = TextVersion.objects.get(petition=page.petition, checksum=page.words.checksum)
    country, keys = (
        traits.pop("country", "US"),
        [f"{next(numbers):064d}" for _each in range(number)],
    )
    same: dict[str, Any] = {"text": text, "language": "en"}
    at = timezone.now()
    rows = [
        Signature(petition=page.petition, mailbox_key=key, asked_at=at, country=country, **same)
        for key in keys
    ]
    Signature.objects.bulk_create(rows)
    details = {"name_key": "", "email": "a@example.org", "country": country, "name": "A"}
    sent = [
        Submission(
            signature=row, details=details, mailbox=row.mailbox_key, created_at=at, **same, **traits
        )
        for row in rows
    ]
    return Submission.objects.bulk_create(sent)


def in_review() -> int:
    return Signature.objects.in_review().count()


def sent_of_wave(page: PetitionPageBase, email: str, **changes: Any) -> Submission:
    """By the form, from the wave's network."""
    submission = make_submission(page, email, **changes)
    Submission.objects.filter(pk=submission.pk).update(**NETWORK)
    return submission


def test_a_wave_holds_what_came_and_what_comes_until_it_is_over(
    portland: CityPages, clock: Clock
) -> None:
    page = portland["en"]
    signed(page, FEW, **NETWORK)
    signed(page, 5, network="o" * 64)
    clock.go_on(minutes=1)
    watch()
    assert not Wave.objects.exists()
    signed(page, 1, **NETWORK)
    clock.go_on(minutes=1)
    watch()
    assert in_review() == MANY
    clock.go_on(minutes=30)
    signed(page, 60, **NETWORK)
    clock.go_on(minutes=1)
    watch()
    wave = Wave.objects.get()
    assert (wave.number, wave.state) == (MANY + 60, "lasting")
    assert wave.signatures().in_review().count() == in_review() == MANY + 60
    assert wave.share == pytest.approx((MANY + 60) / (MANY + 65))
    clock.go_on(hours=2)
    watch()
    assert Wave.objects.get().state == "over"
    signed(page, 1, **NETWORK)
    clock.go_on(minutes=1)
    watch()
    assert in_review() == MANY + 60


def test_who_takes_their_time_is_found_by_the_day(portland: CityPages, clock: Clock) -> None:
    for _hour in range(4):
        signed(portland["en"], SLOW // 4, **NETWORK)
        clock.go_on(hours=1)
        watch()
    assert not in_review()
    watch_slow_ones()
    clock.go_on(minutes=30)
    watch_slow_ones()
    assert in_review() == SLOW
    assert Wave.objects.get().state == "lasting"


def test_what_is_spread_over_cities_is_a_wave_of_their_campaign(
    site: SmallSite, tacoma: CityPages, clock: Clock
) -> None:
    for page in (site["portland"]["en"], tacoma["en"]):
        signed(page, MANY // 2, **NETWORK)
    clock.go_on(minutes=1)
    watch()
    wave = Wave.objects.get()
    assert wave.petition == site["campaign"]["en"].petition
    assert wave.signatures().in_review().count() == MANY


def test_a_wave_of_one_city_is_that_citys(site: SmallSite, tacoma: CityPages, clock: Clock) -> None:
    signed(tacoma["en"], MANY, **NETWORK)
    signed(site["portland"]["en"], 5, **NETWORK)
    clock.go_on(minutes=1)
    watch()
    assert Wave.objects.get().petition == tacoma["en"].petition
    assert in_review() == MANY


@pytest.mark.parametrize(
    ("country", "before", "is_held"),
    [("VN", 0, True), ("US", 0, False), ("PL", 30, False)],
)
def test_a_country_is_a_wave_where_few_of_the_signers_live(
    portland: CityPages, clock: Clock, country: str, before: int, is_held: bool
) -> None:
    sent = signed(portland["en"], before, country=country)
    keys = [each.signature_id for each in sent]
    Signature.objects.filter(pk__in=keys).update(status="confirmed", confirmed_at=clock.now)
    clock.go_on(days=2)
    signed(portland["en"], OF_HOUR[What.COUNTRY].number, country=country)
    clock.go_on(minutes=1)
    watch()
    assert bool(in_review()) == is_held


def test_a_large_providers_domain_is_no_wave(portland: CityPages, clock: Clock) -> None:
    signed(portland["en"], MANY, domain_key="d" * 64, domain="gmail.com")
    clock.go_on(minutes=1)
    watch()
    assert not in_review()
    signed(portland["en"], MANY, domain_key="e" * 64)
    clock.go_on(minutes=1)
    watch()
    assert in_review() == MANY


def test_an_hour_like_no_other_is_told_of_and_holds_nobody(
    portland: CityPages, clock: Clock
) -> None:
    signed(portland["en"], OF_HOUR[What.ALL].number)
    clock.go_on(minutes=1)
    watch()
    assert Wave.objects.get().what == "all"
    assert not in_review()


def test_what_strangers_send_in_ones_name_holds_up_nobody(
    portland: CityPages, clock: Clock
) -> None:
    page = portland["en"]
    before = confirmed(page, "first@example.org")
    clock.go_on(minutes=1)
    signed(page, MANY, **NETWORK)
    sent_of_wave(page, "first@example.org", country="VN")
    sent_of_wave(page, "second@example.org")
    clock.go_on(minutes=1)
    watch()
    assert in_review() == MANY + 1
    own = make_submission(page, "second@example.org", comment="Mine.")
    clock.go_on(minutes=1)
    watch()
    signature = confirm_submission(own)
    assert signature
    assert signature.is_counted
    before.refresh_from_db()
    assert before.is_counted


def test_what_is_sent_again_in_a_wave_stays_held_whichever_is_confirmed(
    portland: CityPages, clock: Clock
) -> None:
    page = portland["en"]
    signed(page, MANY, **NETWORK)
    sent = []
    for comment in ("One.", "Another."):
        clock.go_on(seconds=1)
        sent.append(sent_of_wave(page, "bot@example.org", comment=comment))
    clock.go_on(minutes=1)
    watch()
    for submission in reversed(sent):
        held = confirm_submission(submission)
        assert held
        assert not held.is_counted
    clock.go_on(minutes=1)
    # From elsewhere, once it is confirmed.
    confirm_submission(make_submission(page, "bot@example.org", comment="A third."))
    assert not Signature.objects.counted().exists()


def test_whom_staff_release_counts_and_is_not_held_again(portland: CityPages, clock: Clock) -> None:
    page = portland["en"]
    signed(page, MANY, **NETWORK)
    submission = sent_of_wave(page, "olena@example.org")
    clock.go_on(minutes=1)
    watch()
    wave = Wave.objects.get()
    assert wave.clear()
    assert lifecycle.release(wave.signatures()) == MANY + 1
    signed(page, MANY, **NETWORK)
    clock.go_on(minutes=1)
    watch()
    watch_slow_ones()
    assert not in_review()
    assert not wave.clear()
    signature = confirm_submission(submission)
    assert signature
    assert signature.is_counted


def test_what_was_held_before_it_was_invalidated_is_held_once_that_is_undone(
    portland: CityPages, clock: Clock
) -> None:
    free = confirmed(portland["en"], "olena@example.org")
    clock.go_on(minutes=1)
    signed(portland["en"], MANY, **NETWORK)
    clock.go_on(minutes=1)
    watch()
    act = Invalidation.objects.create(reason=Invalidation.Reason.AUTOMATED)
    lifecycle.invalidate(Signature.objects.all(), act)
    assert not in_review()
    lifecycle.undo(act, None)
    assert in_review() == MANY
    assert Signature.objects.counted().get() == free


def test_officers_are_told_once_in_their_language(portland: CityPages, clock: Clock) -> None:
    login("editor", "end-ties")
    for role in ("moderator", "officer", "administrator"):
        login(role)
    officer = User.objects.get(username="officer")
    profile = UserProfile.get_for_user(officer)
    profile.preferred_language = "uk"
    profile.save()
    signed(portland["en"], MANY, **NETWORK)
    for _minute in range(3):
        clock.go_on(minutes=1)
        watch()
        drain()
        signed(portland["en"], MANY, domain_key="d" * 64)
    assert {each.to[0] for each in mail.outbox} == {
        User.objects.get(username=role).email for role in ("officer", "administrator")
    }
    assert len(mail.outbox) == 2
    assert "одна мережа" in next(str(each.body) for each in mail.outbox if officer.email in each.to)
    clock.go_on(minutes=10)
    watch()
    drain()
    assert len(mail.outbox) == 4
    assert "one email domain" in str(mail.outbox[-1].body) + str(mail.outbox[-2].body)


def test_what_a_wave_is_known_by_is_gone_after_a_week(portland: CityPages, clock: Clock) -> None:
    signed(portland["en"], MANY, **NETWORK)
    clock.go_on(minutes=1)
    watch()
    clock.go_on(days=6, hours=21)
    forget_traits()
    assert Wave.objects.get().signatures().exists()
    clock.go_on(hours=1)
    forget_traits()
    wave = Wave.objects.get()
    assert wave.trait == ""
    assert not wave.signatures().exists()
