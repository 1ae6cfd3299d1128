"""How long a signer is known, for every way in which a petition ends, and for none."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import Petition, PetitionEvent, TieEvent
from campaigns.periods import months_before
from signatures.dashboard import with_numbers
from signatures.models import Signature
from signatures.retention import due
from signatures.tasks import anonymise
from tests.factories import confirmed, make_submission


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


SIGNED = noon(2026, 1, 20)
CLOSED = noon(2026, 2, 10)
Ending = Callable[[Petition], Any]


@pytest.fixture
def signature(portland: Any) -> Signature:
    """Of a petition that opened on the first of January."""
    signature = confirmed(portland["en"])
    Signature.objects.update(asked_at=SIGNED, confirmed_at=SIGNED)
    Petition.objects.update(created_at=noon(2026, 1, 1))
    return signature


def is_due(year: int, month: int, day: int) -> bool:
    return due(noon(year, month, day)).exists()


def happens(kind: str, day: date) -> Ending:
    source = {"source_title": "An article", "source_publisher": "The Oregonian"}
    return lambda petition: PetitionEvent.objects.create(
        petition=petition, kind=kind, date=day, **source
    )


def tie_is(petition: Petition, kind: str, day: date | None) -> None:
    source = {"source_title": "An article", "source_publisher": "The Oregonian"}
    TieEvent.objects.create(tie=petition.tie, kind=kind, date=day, **source)


def closes(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(closes_at=CLOSED)


def ends(petition: Petition) -> None:
    tie_is(petition, "ended", CLOSED.date())


def ends_by_two_sources(petition: Petition) -> None:
    ends(petition)
    tie_is(petition, "ended", date(2026, 5, 1))


@pytest.mark.parametrize(
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
def test_six_months_after_its_end_a_petition_knows_nobody(signature: Any, end: Ending) -> None:
    end(signature.petition)
    assert not is_due(2026, 8, 9)
    assert is_due(2026, 8, 10)


def test_an_end_without_a_date_counts_from_the_last_signature(signature: Any) -> None:
    tie = signature.petition.tie
    tie.events.all().delete()
    tie_is(signature.petition, "ended", None)
    assert not is_due(2026, 7, 19)
    assert is_due(2026, 7, 21)


def test_a_tie_that_was_reinstated_ended_when_it_ended_anew(signature: Any) -> None:
    tie_is(signature.petition, "ended", date(2026, 2, 1))
    tie_is(signature.petition, "reinstated", date(2026, 3, 1))
    assert not is_due(2026, 9, 10), "it has not ended"
    tie_is(signature.petition, "ended", date(2026, 4, 1))
    assert not is_due(2026, 9, 10)
    assert is_due(2026, 10, 1)


def test_a_month_after_its_delivery_a_signature_names_nobody(signature: Any) -> None:
    happens("delivered", date(2026, 1, 31))(signature.petition)
    assert not is_due(2026, 2, 27)
    assert is_due(2026, 3, 1)


def test_who_signs_after_a_delivery_is_known_until_the_next(signature: Any) -> None:
    happens("delivered", date(2026, 1, 10))(signature.petition)
    assert not is_due(2026, 6, 1)
    happens("delivered", date(2026, 5, 20))(signature.petition)
    assert not is_due(2026, 6, 19)
    assert is_due(2026, 6, 20)


@pytest.mark.parametrize("field", ["created_at", "opens_at"])
def test_a_petition_that_never_closes_knows_nobody_21_months_after_opening(
    signature: Any, field: str
) -> None:
    Petition.objects.update(**{field: noon(2026, 1, 5)})
    assert not is_due(2027, 10, 4)
    assert is_due(2027, 10, 5)


def test_nobody_signs_a_petition_that_may_keep_no_signers(portland: Any) -> None:
    petition = portland["en"].petition
    for days, state in ((-1, Petition.State.CLOSED), (1, Petition.State.OPEN)):
        opened = months_before(timezone.now(), 21) + timedelta(days=days)
        Petition.objects.update(created_at=opened)
        petition.refresh_from_db()
        assert petition.state() == state
        assert with_numbers(Petition.objects.filter(pk=petition.pk)).get().state_now == state


def test_other_petitions_signers_stay(site: Any, signature: Any) -> None:
    other = confirmed(site["campaign"]["en"], "b@example.org")
    ends(signature.petition)
    Petition.objects.filter(pk=other.petition_id).update(created_at=noon(2026, 8, 1))
    assert [row.pk for row in due(noon(2027, 1, 1))] == [signature.pk]


def test_the_worker_takes_them_out_however_many_in_two_statements(
    signature: Any, django_assert_num_queries: Any
) -> None:
    long_ago = timezone.localdate() - timedelta(days=200)
    Signature.objects.update(show_name=True, wants_updates=True, postcode="972")
    happens("won", long_ago)(signature.petition)
    make_submission(signature.petition.live_page("en"), comment="Canary")
    with django_assert_num_queries(2):
        assert anonymise() == 1
    assert not signature.submissions.exists()
    signature.refresh_from_db()
    assert (signature.name, signature.email, signature.postcode) == ("", "", "")
    assert (signature.show_name, signature.wants_updates) == (False, False)
    assert signature.is_confirmed, "it still counts"
    assert anonymise() == 0


def test_who_signs_again_after_having_been_forgotten_gets_a_mail_that_works(portland: Any) -> None:
    signature = confirmed(portland["en"])
    signature.withdraw()
    Signature.objects.update(email="", name="", anonymised_at=timezone.now())
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
