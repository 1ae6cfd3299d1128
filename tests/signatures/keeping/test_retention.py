"""How long a signer is known, for every way in which a petition ends, and for none."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import Petition, PetitionEvent, TieEvent
from dashboard.numbers import with_numbers
from signatures import lifecycle
from signatures.keeping.erasing import erase_people, notice
from signatures.keeping.retention import Planned, plans
from signatures.models import Erasure, Signature
from signatures.person import PERSON, middle_of_day
from signatures.signing.tokens import own_token
from tests.support.factories import confirmed, make_submission
from tests.support.kinds import CityPages, SmallSite
from translations.dates.months import months_after, months_before

# What stays of a signature whose person was taken out: whoever adds a column says where it belongs.
KEPT = {
    *("id", "petition", "round", "text", "language", "mailbox_key", "seat", "country"),
    *("lives_here", "home_city", "status", "asked_at", "confirmed_at", "withdrawn_at"),
    *("invalidated_at", "invalidation", "held_at", "anonymised_at", "generation", "is_demo"),
}


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


SIGNED = noon(2026, 1, 20)
CLOSED = noon(2026, 2, 10)
SOURCE = {"source_title": "An article", "source_publisher": "The Oregonian"}
Ending = Callable[[Petition], Any]


@pytest.fixture
def signature(portland: CityPages) -> Signature:
    """Of a petition that opened on the first of January."""
    signature = confirmed(portland["en"])
    Signature.objects.update(asked_at=SIGNED, confirmed_at=SIGNED)
    Petition.objects.update(created_at=noon(2026, 1, 1))
    return signature


def first(signature: Signature) -> Planned:
    """What concerns a signature first."""
    found = plans(timezone.now())[signature.petition_id]
    signed_on = signature.asked_at.date()
    concerned = [each for each in found if each.act.concerns(signed_on)]
    return min(concerned, key=lambda each: each.due_at)


def due_on(signature: Signature) -> str:
    signature.refresh_from_db()
    return first(signature).due_at.date().isoformat()


def happens(kind: str, day: date) -> Ending:
    return lambda petition: PetitionEvent.objects.create(
        petition=petition, kind=kind, date=day, **SOURCE
    )


def tie_is(petition: Petition, kind: str, day: date | None) -> TieEvent:
    return TieEvent.objects.create(tie=petition.tie, kind=kind, date=day, **SOURCE)


def closes(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(closes_at=CLOSED)


def ends(petition: Petition) -> None:
    tie_is(petition, "ended", CLOSED.date())


def ends_by_two_sources(petition: Petition) -> None:
    ends(petition)
    tie_is(petition, "ended", date(2026, 5, 1))


ENDINGS = pytest.mark.parametrize(
    "end",
    [
        closes,
        happens("closed", CLOSED.date()),
        happens("won", CLOSED.date()),
        ends,
        ends_by_two_sources,
    ],
    ids=["closing time", "closed", "won", "tie ended", "tie ended by two sources"],
)


@ENDINGS
def test_six_months_after_its_end_a_petition_knows_nobody(
    signature: Signature, end: Ending
) -> None:
    end(signature.petition)
    notice(CLOSED - timedelta(days=1))
    assert due_on(signature) == "2026-08-10"


@ENDINGS
def test_an_end_entered_later_counts_from_its_entry(signature: Signature, end: Ending) -> None:
    end(signature.petition)
    notice(noon(2026, 6, 3))
    assert due_on(signature) == "2026-12-03"


def test_an_end_without_a_date_counts_from_its_entry(signature: Signature) -> None:
    signature.petition.tie.events.all().delete()  # type: ignore[union-attr]
    tie_is(signature.petition, "ended", None)
    notice(noon(2026, 6, 3))
    assert due_on(signature) == "2026-12-03"


def test_a_correction_moves_the_entry_forward_and_never_back(signature: Signature) -> None:
    event = happens("won", date(2026, 2, 10))(signature.petition)
    notice(noon(2026, 2, 10))
    for day, entered, due in [
        (date(2025, 2, 10), noon(2026, 3, 1), "2026-09-01"),
        (date(2024, 2, 10), noon(2026, 3, 5), "2026-09-05"),
        (date(2026, 2, 10), noon(2026, 4, 7), "2026-10-07"),
    ]:
        PetitionEvent.objects.filter(pk=event.pk).update(date=day)
        notice(entered)
        assert due_on(signature) == due
    # Another source of the same day is no other act.
    PetitionEvent.objects.filter(pk=event.pk).update(source_title="Another")
    notice(noon(2026, 5, 5))
    assert due_on(signature) == "2026-10-07"


def test_a_tie_that_was_reinstated_ended_when_it_ended_anew(signature: Signature) -> None:
    limit = "2027-10-01"
    tie_is(signature.petition, "ended", date(2026, 2, 1))
    tie_is(signature.petition, "reinstated", date(2026, 3, 1))
    notice(noon(2026, 2, 1))
    assert due_on(signature) == limit, "it has not ended"
    tie_is(signature.petition, "ended", date(2026, 4, 1))
    notice(noon(2026, 4, 1))
    assert due_on(signature) == "2026-10-01"


def test_a_month_after_its_delivery_a_signature_names_nobody(signature: Signature) -> None:
    happens("delivered", date(2026, 1, 31))(signature.petition)
    notice(noon(2026, 1, 31) - timedelta(hours=12))
    assert due_on(signature) == "2026-03-01"


def test_who_signs_after_a_delivery_is_known_until_the_next(signature: Signature) -> None:
    happens("delivered", date(2026, 1, 10))(signature.petition)
    notice(noon(2026, 1, 10))
    assert due_on(signature) == "2027-10-01"
    happens("delivered", date(2026, 5, 20))(signature.petition)
    notice(noon(2026, 5, 20))
    assert due_on(signature) == "2026-06-20"


@pytest.mark.parametrize("field", ["created_at", "opens_at"])
def test_a_petition_that_never_closes_knows_nobody_21_months_after_opening(
    signature: Signature, field: str
) -> None:
    Petition.objects.update(**{field: noon(2026, 1, 5)})
    assert due_on(signature) == "2027-10-05"


def test_an_opening_moved_behind_the_first_signature_keeps_nobody_longer(
    signature: Signature,
) -> None:
    Petition.objects.update(opens_at=noon(2028, 1, 1))
    assert due_on(signature) == "2027-10-20"


def test_nobody_signs_a_petition_that_may_keep_no_signers(portland: CityPages) -> None:
    petition = portland["en"].petition
    for days, state in ((-1, Petition.State.CLOSED), (1, Petition.State.OPEN)):
        opened = months_before(timezone.now(), 21) + timedelta(days=days)
        Petition.objects.update(created_at=opened)
        petition.refresh_from_db()
        assert petition.state() == state
        assert with_numbers(Petition.objects.filter(pk=petition.pk)).get().state_now == state


def test_other_petitions_signers_stay(site: SmallSite, signature: Signature) -> None:
    other = confirmed(site["campaign"]["en"], "b@example.org")
    ends(signature.petition)
    assert [each.act.why for each in plans(timezone.now())[other.petition_id]] == ["limit"]


def test_every_column_that_holds_something_of_the_person_is_emptied(signature: Signature) -> None:
    columns = {field.name for field in Signature._meta.concrete_fields}
    assert columns == KEPT | PERSON.keys(), "say whether a new column names the person"
    late = SIGNED.replace(hour=23, minute=59, second=59, microsecond=7)
    Signature.objects.update(show_name=True, postcode="972", comment="Words", confirmed_at=late)
    make_submission(signature.petition.live_page("en"), comment="Canary")  # type: ignore[arg-type]
    now = timezone.now()
    assert erase_people(Signature.objects.filter(pk=signature.pk), now) == 1
    signature.refresh_from_db()
    assert {name: getattr(signature, name) for name in PERSON} == PERSON
    assert not signature.submissions.exists()
    noon_of_its_day = SIGNED.replace(hour=12)
    assert signature.asked_at == signature.confirmed_at == noon_of_its_day
    assert signature.anonymised_at == middle_of_day(now)
    assert signature.is_confirmed, "it still counts"


def test_a_signers_own_page_tells_until_when_the_person_is_kept(signature: Signature) -> None:
    address = f"/en/signatures/{own_token(signature)}/"
    assert "until Oct. 1, 2027" in Client().get(address).content.decode()
    happens("won", CLOSED.date())(signature.petition)
    notice(CLOSED - timedelta(days=1))
    Erasure.objects.update(announced_at=timezone.now())
    day = date_format(timezone.localdate() + timedelta(days=7))
    assert f"until {day}" in Client().get(address).content.decode()


def test_who_was_forgotten_is_planned_no_more(signature: Signature) -> None:
    ends(signature.petition)
    notice(CLOSED)
    erase_people(Signature.objects.all(), timezone.now())
    assert not plans(timezone.now())
    notice(timezone.now())
    assert not Erasure.objects.exists()


def test_who_signs_again_after_having_been_forgotten_gets_a_mail_that_works(
    portland: CityPages,
) -> None:
    signature = confirmed(portland["en"])
    lifecycle.withdraw(signature)
    erase_people(Signature.objects.all(), timezone.now())
    again = confirmed(portland["en"])
    assert again == signature
    assert (again.anonymised_at, again.email) == (None, "olena@example.org")
    assert again.is_confirmed


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 6, date(2025, 7, 15)),
        (date(2026, 1, 15), 21, date(2024, 4, 15)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, earlier: date) -> None:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert months_before(moment, months).date() == earlier


@given(moment=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), months=st.integers(1, 24))
def test_months_after_is_the_first_moment_of_which_months_before_says_so(
    moment: datetime, months: int
) -> None:
    after = months_after(moment, months)
    assert months_before(after, months) >= moment
    assert months_before(after - timedelta(microseconds=1), months) < moment
