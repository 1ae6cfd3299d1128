"""A pack goes by email once, in office hours; what the mail server refuses is not delivered."""

import smtplib
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from campaigns.models import Delivery
from deliveries.answering import links
from deliveries.forms import HandOverForm
from deliveries.models import AnswerLink, Pack
from deliveries.packs import handing, sending
from deliveries.views import packs
from signatures.models import Signature
from tests.deliveries.conftest import Prepare
from tests.support.kinds import CityPages

pytestmark = pytest.mark.django_db
# Portland is eight hours behind UTC in winter; this is a Friday.
MORNING = datetime(2026, 11, 27, 18, tzinfo=UTC)
NIGHT = datetime(2026, 11, 27, 6, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 18, tzinfo=UTC)


@pytest.fixture
def asked(prepare: Prepare, signers: list[Signature], by: User) -> Delivery:
    delivery = prepare("email", "mayor@city.example")
    sending.ask(delivery.pack, by)
    return delivery


@pytest.mark.parametrize("moment", [NIGHT, SATURDAY])
def test_nothing_is_sent_out_of_office_hours(
    asked: Delivery, moment: datetime, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    assert sending.send_due(moment) == 0
    assert mailoutbox == []


def test_it_is_sent_once_with_its_files(
    asked: Delivery, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    assert sending.send_due(MORNING) == 1
    assert sending.send_due(MORNING) == 0
    (mail,) = mailoutbox
    assert AnswerLink.objects.get().mailbox == "mayor@city.example"
    assert mail.to == ["mayor@city.example"]
    assert [attached[0] for attached in mail.attachments] == asked.pack.names
    assert asked.code_told in mail.body
    asked.refresh_from_db()
    assert asked.handed_at
    assert asked.event
    assert asked.pack.handed_out_at


@pytest.mark.parametrize(("code", "is_over"), [(550, True), (450, False)])
def test_what_the_server_refuses_is_not_delivered(
    asked: Delivery, code: int, is_over: bool
) -> None:
    refused = smtplib.SMTPRecipientsRefused({"mayor@city.example": (code, b"no")})
    with patch.object(EmailMultiAlternatives, "send", side_effect=refused):
        assert sending.send_due(MORNING) == 0
    asked.refresh_from_db()
    assert (asked.handed_at, asked.event) == (None, None)
    assert (asked.bounced_at is not None, asked.pack.sends) == (is_over, not is_over)


def test_a_page_that_is_gone_stops_its_own_pack_alone(
    asked: Delivery, mailoutbox: list[EmailMultiAlternatives], portland: CityPages
) -> None:
    portland["en"].unpublish()
    assert sending.send_due(MORNING) == 0
    assert mailoutbox == []
    assert Pack.objects.get().state == Pack.State.MAKING


def test_what_came_back_is_handed_over_another_way(asked: Delivery, by: User) -> None:
    assert sending.send_due(MORNING) == 1
    asked.refresh_from_db()
    assert handing.note_bounce(asked, by)
    assert not AnswerLink.objects.open().exists()
    asked.refresh_from_db()
    assert not packs.can_be_sent(asked.pack)
    assert isinstance(packs.new_form(asked, can_send=False), HandOverForm)
    assert handing.hand_over(asked, by, handing.today(asked.petition))
    asked.refresh_from_db()
    assert (asked.way, asked.bounced_at) == (Delivery.Way.PRINT, None)


def told_bounced(mailbox: str, kind: str = "HardBounce") -> None:
    event = AnymailTrackingEvent(
        event_type=EventType.BOUNCED,
        reject_reason=RejectReason.BOUNCED,
        recipient=mailbox,
        esp_event={"Type": kind},
    )
    tracking.send(sender=None, event=event, esp_name="Postmark")


def test_what_the_mail_service_says_came_back_was_not_delivered(asked: Delivery) -> None:
    assert sending.send_due(MORNING) == 1
    for mailbox, kind in [
        ("clerk@city.example", "HardBounce"),
        ("nobody", "HardBounce"),
        ("mayor@city.example", "SoftBounce"),
    ]:
        told_bounced(mailbox, kind)
        asked.refresh_from_db()
        assert asked.handed_at
    # A day later, when its files are gone.
    handing.discard(asked.pack)
    told_bounced("Mayor@City.example")
    asked.refresh_from_db()
    assert (asked.handed_at, asked.event) == (None, None)
    assert asked.bounced_at
    assert not AnswerLink.objects.open().exists()


def test_a_link_that_went_to_another_mailbox_says_nothing_of_the_pack(asked: Delivery) -> None:
    assert sending.send_due(MORNING) == 1
    handing.discard(asked.pack)
    links.give(asked, "clerk@city.example", "en")
    told_bounced("clerk@city.example")
    asked.refresh_from_db()
    assert asked.handed_at
