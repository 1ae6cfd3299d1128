"""A mailbox that is none, or that complained, is not written to again; nobody can read which."""

import base64
import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import path
from django.utils.module_loading import import_string
from pytest_django import Settings

from cms.settings.environment import BOUNCES
from cms.urls import urlpatterns as everything_else
from jobs.worker import drain
from signatures.mailboxes import reader_of
from signatures.models import Suppression
from signatures.views import bounces
from tests.signatures.posting import post
from tests.support.kinds import SmallSite

SECRET = "postmark:" + "x" * 24
HARD = {"RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "MessageID": "1"}
COMPLAINT = {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512}
SOFT = {"RecordType": "Bounce", "Type": "SoftBounce", "TypeCode": 4096}
# Where it is turned on before the site's addresses are read.
urlpatterns = [path("bounces/", bounces.hook), *everything_else]


@pytest.fixture(autouse=True)
def turned_on(settings: Settings) -> None:
    settings.BOUNCES, settings.ANYMAIL_WEBHOOK_SECRET = BOUNCES["postmark"], SECRET
    settings.ROOT_URLCONF = __name__


def tell(event: dict[str, Any], secret: str = SECRET) -> int:
    shown = {"authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    event = {"BouncedAt": "2026-01-01T00:00:00Z", **event}
    body = json.dumps(event)
    client = Client(raise_request_exception=False)
    return client.post(
        "/bounces/", body, content_type="application/json", headers=shown if secret else {}
    ).status_code


@pytest.mark.parametrize(
    ("event", "is_gone"),
    [(HARD, True), (COMPLAINT, True), (SOFT, False), ({"RecordType": "Delivery"}, False)],
    ids=["hard", "complaint", "soft", "delivered"],
)
def test_only_what_will_never_arrive_is_not_written_to_again(
    site: SmallSite, settings: Settings, event: dict[str, Any], is_gone: bool
) -> None:
    sent = {**event, "Email": "Olena@example.org", "Recipient": "Olena@example.org"}
    assert tell(sent) == 200
    assert list(Suppression.objects.values_list("pk", flat=True)) == (
        [reader_of("olena@example.org")] if is_gone else []
    )
    assert "olena" not in str(Suppression.objects.values()).lower()
    assert post(site["portland"]["en"], email="olena@example.org").status_code == 303
    drain()
    assert len(mail.outbox) == (not is_gone)


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["", "postmark:wrong", "other:" + "x" * 24])
def test_nobody_else_is_believed(secret: str) -> None:
    assert tell({**HARD, "Email": "olena@example.org"}, secret) == 400
    assert not Suppression.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("recipient", ["", "nobody", "a@b@c", "x" * 400 + "@example.org", "\0@a.b"])
def test_a_recipient_that_is_none_is_passed_over(recipient: str) -> None:
    assert tell({**HARD, "Email": recipient}) == 200
    assert not Suppression.objects.exists()


@pytest.mark.django_db
def test_unless_it_is_turned_on_there_is_no_such_address(settings: Settings) -> None:
    settings.ROOT_URLCONF = "cms.urls"
    assert tell(HARD) == 404


def test_every_service_that_may_be_named_is_one(settings: Settings) -> None:
    for view in BOUNCES.values():
        assert import_string(view).as_view()
