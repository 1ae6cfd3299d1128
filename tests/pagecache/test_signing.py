"""What is kept for signing: asked for once, and forgotten when it no longer holds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from campaigns.models import (
    CampaignPage,
    CityName,
    Petition,
    PetitionEvent,
    PetitionPage,
    SitePause,
)
from signatures.models import Signature, Submission
from signatures.signing.upsert import keep
from signatures.views import prepared
from signatures.views.prepared import held
from tests.conftest import Clock
from tests.signatures.posting import OWN, address, fields, post
from tests.support.factories import make_signature
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.both_databases

# The day's key and one more; on SQLite, in one transaction, limits, seats, the row, what was sent,
# and its mail's job.
MOST_STATEMENTS = {"postgresql": 2, "sqlite": 8}


@pytest.fixture
def asked_once(kept_site: SmallSite) -> SmallSite:
    """Somebody has signed in this process."""
    assert post(kept_site["portland"]["en"], email="first@example.org").status_code == 303
    assert held.found
    return kept_site


def statements(page: PetitionPage, email: str) -> list[str]:
    # Not counted: what the test itself asks of the page.
    typed = fields(page, email=email)
    with CaptureQueriesContext(connection) as asked:
        assert Client().post(address(page), typed, **OWN).status_code == 303
    # A test's own transaction has savepoints in place of transactions.
    words = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    found = [each["sql"].strip() for each in asked.captured_queries]
    # The versions are asked for twice a second at most, and in tests each time.
    return [sql for sql in found if not sql.startswith(words) and "pagecache" not in sql]


def test_signing_takes_the_same_few_statements_whoever_signs(asked_once: SmallSite) -> None:
    page = asked_once["portland"]["en"]
    # The browser knows the words that it was shown.
    page.petition.gather()
    signed = Signature.objects.filter(pk=make_signature(page, "confirmed@example.org").pk)
    signed.update(status="confirmed", confirmed_at=timezone.now())
    new, pending, confirmed = (
        statements(page, f"{who}@example.org") for who in ("new", "first", "confirmed")
    )
    assert len(new) == len(pending) == len(confirmed) <= MOST_STATEMENTS[connection.vendor]


SOURCE = {"source_title": "Minutes", "source_publisher": "City"}
CLOSING: dict[str, Callable[[Petition], object]] = {
    "paused": lambda petition: Petition.objects.filter(pk=petition.pk).update(is_paused=True),
    "paused with the whole site": lambda _petition: SitePause.objects.create(reason="An attack"),
    "met": lambda petition: PetitionEvent.objects.create(
        petition=petition, kind="won", date=timezone.localdate(), **SOURCE
    ),
    "unpublished": lambda petition: petition.live_page("en").unpublish(),  # type: ignore[union-attr]
    "for some alone": lambda petition: restrict(petition),
    "its campaign unpublished": lambda petition: CampaignPage.objects.get(
        petition=petition.parent, locale__language_code="en"
    ).unpublish(),
    "closed in SQL": lambda petition: connection.cursor().execute(
        "UPDATE campaigns_petition SET closes_at = opens_at, opens_at = NULL, is_paused = true"
    ),
}


def restrict(petition: Petition) -> None:
    page = petition.live_page("en")
    PageViewRestriction.objects.create(page=page, restriction_type="login")


@pytest.mark.parametrize("way", CLOSING)
def test_what_closes_a_petition_is_known_at_the_next_look(asked_once: SmallSite, way: str) -> None:
    page = asked_once["portland"]["en"]
    CLOSING[way](Petition.objects.get(pk=page.petition_id))
    assert post(page, email="later@example.org").status_code == 409
    assert Submission.objects.count() == 1


def test_time_alone_closes_it(asked_once: SmallSite, clock: Clock) -> None:
    page = asked_once["portland"]["en"]
    Petition.objects.update(closes_at=clock.now + timedelta(days=1), created_at=clock.now)
    assert post(page, email="second@example.org").status_code == 303
    clock.go_on(days=2)
    assert post(page, email="third@example.org").status_code == 409


def test_new_words_and_names_are_what_is_signed_then(asked_once: SmallSite) -> None:
    page = asked_once["portland"]["en"]
    CampaignPage.objects.update(city_ask="Please end it, {city}.")
    CityName.objects.filter(name="Portland").update(name="Portland on the river")
    page = PetitionPage.objects.get(pk=page.pk)
    assert post(page, email="second@example.org").status_code == 303
    newest = Signature.objects.latest("asked_at")
    assert newest.text.ask == "Please end it, Portland on the river."


def test_what_is_looked_up_while_it_changes_is_not_kept(
    asked_once: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked_once["portland"]["en"]
    held.forget()
    prepare = prepared.prepare

    def slow(*place: object) -> object:
        found = prepare(*place)  # type: ignore[arg-type]
        held.forget()
        return found

    monkeypatch.setattr(prepared, "prepare", slow)
    assert held.of(page.petition_id, "en") is not None
    assert not held.found


def test_a_row_that_stands_is_found_and_left_as_it_is(site: SmallSite) -> None:
    signature = make_signature(site["portland"]["en"])
    other = Signature.objects.get(pk=signature.pk)
    other._state.adding, other.pk, other.country = True, None, "XX"
    other.pk = Signature().pk
    place: Any = {"unique": ("petition_id", "mailbox_key", "seat"), "where": "round_id IS NULL"}
    assert keep(other, **place) == signature.pk
    assert Signature.objects.get().country == signature.country
    other.seat = 1
    assert keep(other, **place) == other.pk
