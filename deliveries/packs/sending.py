"""Sends packs by email, once each, in the office hours of where they go."""

import smtplib
from datetime import datetime, time

from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.utils import timezone, translation

from accounts.models import User
from campaigns.models import Delivery, Petition
from deliveries.answering import links
from deliveries.models import Pack
from deliveries.packs import files, making
from deliveries.packs.content import Contents, UnmakeableError
from deliveries.packs.handing import hand_over, is_ready, note_handed_out, today
from jobs.registry import NotYetError
from mails import rendering
from security import audit
from signatures.signing import emails

OPENS, CLOSES = time(9), time(16)
WORKDAYS = range(5)
# What mailboxes take, once it is written in letters.
MOST_BYTES = 15 * 1024 * 1024
TYPES = {"pdf": "application/pdf", "csv": "text/csv", "txt": "text/plain"}


def in_office_hours(petition: Petition, now: datetime) -> bool:
    local = petition.local_time(now)
    return local.weekday() in WORKDAYS and OPENS <= local.time() < CLOSES


def due() -> QuerySet[Pack]:
    found = Pack.objects.filter(state=Pack.State.READY, sends=True)
    return found.select_related("delivery__petition", "delivery__made_by")


def ask(pack: Pack, by: User) -> None:
    Pack.objects.filter(pk=pack.pk).update(sends=True)
    audit.record("delivery.asked", by, [pack.pk])


def send_due(now: datetime) -> int:
    """Sends those for which it is time, and returns how many."""
    waiting = [pack for pack in due() if in_office_hours(pack.delivery.petition, now)]
    return sum(send(pack) for pack in waiting)


def send(pack: Pack) -> bool:
    """Whether it went out. Who dies on the way leaves it to its editor: it is never sent twice."""
    if not is_ready(pack):
        return False
    try:
        emails.wait_for_room()
    except NotYetError:
        return False
    if not Pack.objects.filter(pk=pack.pk, sends=True).update(sends=False):
        return False
    try:
        message(pack).send()
    except smtplib.SMTPRecipientsRefused as error:
        if emails.is_transient(error):
            Pack.objects.filter(pk=pack.pk).update(sends=True)
        else:
            refused(pack.delivery)
        return False
    except UnmakeableError:
        # Its page is not public any more: made anew, it says what is missing.
        making.begin(pack.delivery)
        return False
    except (smtplib.SMTPException, OSError, NotYetError):
        Pack.objects.filter(pk=pack.pk).update(sends=True)
        return False
    note_handed_out(pack)
    delivery = pack.delivery
    if hand_over(delivery, delivery.made_by, today(delivery.petition), way=Delivery.Way.EMAIL):
        links.give(delivery, pack.email, delivery.languages[0], delivery.made_by)
    return True


def refused(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(bounced_at=timezone.now())
    audit.record("delivery.bounced", rows=[delivery.pk])


def message(pack: Pack) -> EmailMultiAlternatives:
    """In the recipient's language, with all files, from the campaign."""
    delivery = pack.delivery
    contents = Contents.of(delivery, delivery.languages[0])
    with translation.override(delivery.languages[0]):
        mail = rendering.render(
            "delivery",
            {
                "title": contents.page.heading,
                "recipient": contents.recipient,
                "number": delivery.totals["signatures"],
                "address": contents.address,
                "code": delivery.code_told,
            },
            to=pack.email,
            key=delivery.pk,
            sender=str(emails.Sender.of(contents.page.campaign.title)),
        )
    for name in pack.names:
        kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        mail.attach(name, files.read(pack, name), kind)
    return mail


def is_too_large(pack: Pack) -> bool:
    return sum(len(files.read(pack, name)) for name in pack.names) > MOST_BYTES
