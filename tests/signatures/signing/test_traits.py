"""By what a wave is known is kept for a week at most, and names nobody."""

from typing import Any

import pytest
from django.test import Client

from campaigns.models import PetitionPageBase
from signatures.models import Submission
from signatures.models.traits import NO_TRAITS
from signatures.tasks import delete_unconfirmed
from tests.conftest import Clock
from tests.signatures.posting import OWN, address, fields
from tests.support.kinds import CityPages

pytestmark = pytest.mark.both_databases


def sent(page: PetitionPageBase, email: str, network: str = "203.0.113.7") -> Submission:
    client = Client(REMOTE_ADDR=network)
    response = client.post(address(page), fields(page, email=email), **OWN)
    assert response.status_code == 303
    return Submission.objects.latest("created_at")


def told(submission: Submission) -> dict[str, Any]:
    return {name: getattr(submission, name) for name in NO_TRAITS}


def test_neighbors_share_a_network_and_a_domain_on_one_day_alone(
    portland: CityPages, clock: Clock
) -> None:
    emails = ("a@example.net", "b@mail.example.net", "c@example.edu", "d@example.net")
    networks = ("203.0.113.7", "203.0.113.99", "2001:db8:1::1", "203.0.113.7")
    found = []
    for email, network in zip(emails, networks, strict=True):
        clock.go_on(days=1 if email.startswith("d") else 0, seconds=1)
        found.append(sent(portland["en"], email, network))
    one, near, far, later = found
    assert one.network == near.network
    assert one.domain_key == near.domain_key
    for other in (far, later):
        assert one.network != other.network
        assert one.domain_key != other.domain_key
    assert not any("203" in each.network + each.domain for each in found)


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("olena@gmail.com", {"domain": "gmail.com"}),
        ("o.lena@gmail.com", {"domain": "gmail.com", "is_dotted": True}),
        ("olena+x@ukr.net", {"domain": "ukr.net", "is_tagged": True}),
        ("o.lena@small.example", {"domain": ""}),
        ("olena@mailinator.com", {"domain": "mailinator.com", "is_disposable": True}),
    ],
)
def test_a_domain_is_readable_only_where_it_tells_nobody(
    portland: CityPages, email: str, expected: dict[str, Any]
) -> None:
    traits = told(sent(portland["en"], email))
    flags = {"is_tagged": False, "is_dotted": False, "is_disposable": False}
    assert {name: traits[name] for name in ("domain", *flags)} == {**flags, **expected}
    assert bool(traits["reader_key"]) == (traits["is_tagged"] or traits["is_dotted"])


def test_two_spellings_of_a_mailbox_are_kept_apart_and_known_as_such(
    portland: CityPages,
) -> None:
    plain, *others = (
        sent(portland["en"], each)
        for each in ("olena@gmail.com", "o.lena@gmail.com", "olena+city@googlemail.com")
    )
    assert len({each.signature_id for each in (plain, *others)}) == 3
    assert {each.reader_key for each in others} == {plain.signature.mailbox_key}


def test_they_are_gone_within_a_week_though_another_mail_goes_out(
    portland: CityPages, clock: Clock
) -> None:
    submission = sent(portland["en"], "olena+x@gmail.com")
    clock.go_on(days=6)
    Submission.objects.update(mailed_at=clock.now)
    delete_unconfirmed()
    assert told(Submission.objects.get()) != NO_TRAITS
    clock.go_on(hours=23)
    delete_unconfirmed()
    assert Submission.objects.get() == submission
    assert told(Submission.objects.get()) == NO_TRAITS
    clock.go_on(days=7)
    delete_unconfirmed()
    assert not Submission.objects.exists()
