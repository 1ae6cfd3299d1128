"""Nobody but the holder of a mailbox learns whether anything was signed with it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import PetitionPageBase
from jobs.worker import drain
from signatures import lifecycle
from signatures.models import Allowance, HashKey, Signature, Submission, Suppression
from signatures.signing import allowances
from tests.signatures.posting import OWN, post
from tests.support.factories import confirmed, in_status, make_city_petition, make_submission
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.django_db
EMAIL = "olena@example.org"
PERSON: dict[str, Any] = {"name": "Olena", "email": EMAIL}
History = Callable[[Any], object]


def mailbox() -> str:
    return HashKey.of(None).hash(EMAIL)


def withdrawn(site: SmallSite) -> None:
    lifecycle.withdraw(confirmed(site["portland"]["en"], EMAIL, name="Olena"))


def invalidated(site: SmallSite) -> None:
    signature = confirmed(site["portland"]["en"], EMAIL, name="Olena")
    Signature.objects.filter(pk=signature.pk).update(**in_status("invalidated"))


def mailed(site: SmallSite) -> None:
    make_submission(site["portland"]["en"], EMAIL, name="Olena")
    drain()


def elsewhere(site: SmallSite) -> None:
    for page in (site["campaign"]["en"], site["tacoma"]["en"], site["tacoma"]["uk"]):
        make_submission(page, EMAIL, name="Olena")
        drain()


def used_up(site: SmallSite) -> None:
    for _each in range(allowances.A_DAY):
        assert allowances.take_allowance(mailbox(), Allowance.Kind.MAIL)


HISTORIES: dict[str, History] = {
    "nothing": lambda site: None,
    "pending": lambda site: make_submission(site["portland"]["en"], EMAIL, name="Olena"),
    "mailed": mailed,
    "confirmed": lambda site: confirmed(site["portland"]["en"], EMAIL, name="Olena"),
    "withdrawn": withdrawn,
    "invalidated": invalidated,
    "other cities": elsewhere,
    "mails used up": used_up,
    "suppressed": lambda site: Suppression.objects.create(mailbox_key=mailbox()),
}
# What a stranger may do with a ticket, in any order.
ACTIONS = {
    "look": lambda client, check: client.get(check),
    "wrong code": lambda client, check: client.post(check, {"code": "000000"}, **OWN),
    "no code": lambda client, check: client.post(check, {"code": "12"}, **OWN),
    "again": lambda client, check: client.post(check, {"again": "1"}, **OWN),
    "change": lambda client, check: client.post(check, {"email": EMAIL}, **OWN),
}
COURSES = [
    ("look", "no code", "again", "wrong code", "again", "change", "look"),
    # What told it before: codes used up, another mail asked for, one more code.
    (*("wrong code",) * 6, "worker", "again", "worker", "wrong code"),
    # One more than a mailbox gets in a day.
    (*("again", "worker") * (allowances.A_DAY + 1), "look"),
]


@pytest.fixture
def whole_site(site: SmallSite) -> SmallSite:
    site["tacoma"] = make_city_petition(site["campaign"], "Tacoma", "Washington")
    # A first signature anywhere makes the keys.
    confirmed(site["campaign"]["en"], "first@example.org")
    return site


def replies(page: PetitionPageBase, course: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """All that a stranger sees, and what is asked of the database for it."""
    told: list[tuple[Any, ...]] = []
    client = Client()
    with CaptureQueriesContext(connection) as queries:
        response = post(page, client, **PERSON)
    check = response["Location"]
    told.append((response.status_code, len(check), statements(queries)))
    Submission.objects.filter(mailed_at__isnull=False).update(
        mailed_at=timezone.now() - timedelta(minutes=2)
    )
    for action in course:
        if action == "worker":
            drain()
            continue
        with CaptureQueriesContext(connection) as queries:
            response = ACTIONS[action](client, check)
        page_read = response.content.replace(check.split("/")[-2].encode(), b"")
        leads = len(response.headers.get("Location", ""))
        told.append((response.status_code, leads, page_read, statements(queries)))
    return told


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Without what they are about: a list, a name and a number are all alike."""
    return [re.sub(r"'[^']*'|\d+|\bNULL\b", "?", each["sql"]) for each in queries]


def going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signatures.signing.tokens.Ticket.age", lambda self: timedelta(minutes=2))


@pytest.mark.parametrize("course", COURSES, ids=range(len(COURSES)))
def test_no_history_of_a_mailbox_changes_a_byte_or_a_statement(
    whole_site: SmallSite, course: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on(monkeypatch)
    page = whole_site["portland"]["en"]
    # What Django asks only once is asked now.
    replies(page, course)
    told = {}
    for name, happens in HISTORIES.items():
        forget()
        happens(whole_site)
        told[name] = replies(page, course)
    for name in HISTORIES:
        assert told[name] == told["nothing"], name


def test_asking_for_ones_links_is_answered_alike_whatever_there_is(whole_site: SmallSite) -> None:
    links: dict[str, list[tuple[Any, ...]]] = {}
    for name, happens in {"warm": HISTORIES["nothing"], **HISTORIES}.items():
        forget()
        happens(whole_site)
        links[name] = [asked() for _each in range(3)]
        drain()
    for name in HISTORIES:
        assert links[name] == links["nothing"], name
    assert links["nothing"][0][:2] == (303, "/en/my-signatures/?asked")


def asked() -> tuple[Any, ...]:
    """What a stranger sees who asks for somebody's links, and what is asked of the database."""
    client = Client(REMOTE_ADDR="203.0.113.7")
    with CaptureQueriesContext(connection) as queries:
        response = client.post("/en/my-signatures/", {"email": EMAIL}, **OWN)
    page = client.get(response["Location"]).content
    return response.status_code, response["Location"], page, statements(queries)


def forget() -> None:
    Signature.objects.exclude(email="first@example.org").delete()
    Allowance.objects.all().delete()
    Suppression.objects.all().delete()


def test_signing_elsewhere_renews_no_tries(
    whole_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five wrong codes here are five wrong codes with every ticket of the mailbox."""
    going_on(monkeypatch)
    checks = [
        post(page, **PERSON)["Location"]
        for page in (whole_site["portland"]["en"], whole_site["tacoma"]["en"])
    ]
    drain()
    for number in range(allowances.A_DAY):
        reply = Client().post(checks[number % 2], {"code": "000000"}, **OWN)
        assert "until tomorrow" not in reply.content.decode()
    for check in checks:
        for _each in range(2):
            Client().post(check, {"again": "1"}, **OWN)
            drain()
            closed = Client().post(check, {"code": "000000"}, **OWN)
            assert "until tomorrow" in closed.content.decode()
    assert "until tomorrow" not in (
        Client()
        .post(post(whole_site["portland"]["en"], email="b@example.org")["Location"], {"code": "1"})
        .content.decode()
    )
    assert all("Olena" not in str(message.body) for message in mail.outbox)
