"""Jobs are done once, and none is lost."""

import smtplib
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from jobs.models import LEASE, Job
from jobs.worker import drain
from signatures.models import Erasure, Signature, Submission
from signatures.signing import emails
from signatures.tasks import anonymise, delete_unconfirmed
from tests.support.factories import confirmed, make_signature
from tests.support.kinds import CityPages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


class DownBackend(EmailBackend):
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise smtplib.SMTPServerDisconnected("down")


def test_a_job_lives_and_dies_with_its_transaction() -> None:
    with transaction.atomic():
        emails.send.enqueue(mailbox="nobody's")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_only_one_worker_gets_a_job_until_its_lease_ends() -> None:
    emails.send.enqueue(mailbox="nobody's")
    now = timezone.now()
    first = Job.objects.lease_next(now)
    assert first
    assert Job.objects.lease_next(now) is None
    second = Job.objects.lease_next(now + LEASE + timedelta(seconds=1))
    assert second
    assert second.pk == first.pk
    first.done()
    assert Job.objects.exists(), "a worker whose lease has ended decides nothing any more"
    second.done()
    assert not Job.objects.exists()


def test_a_mail_server_that_is_down_delays_and_loses_nothing(
    portland: CityPages, settings: Settings
) -> None:
    make_signature(portland["en"])
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.jobs.test_worker.DownBackend"
    delays = []
    for _ in range(8):
        drain()
        job = Job.objects.get()
        delays.append((job.run_at - timezone.now()).total_seconds())
        Job.objects.update(run_at=timezone.now())
    assert delays == sorted(delays)
    assert 25 < delays[0] <= 30
    assert delays[-1] <= 3600
    assert job.error == "smtplib.SMTPServerDisconnected"
    settings.EMAIL_BACKEND = working
    drain()
    assert len(mail.outbox) == 1
    assert not Job.objects.exists()


def test_a_mail_sent_again_after_a_crash_is_the_same_mail(portland: CityPages) -> None:
    make_signature(portland["en"])
    job = Job.objects.get()
    drain()
    Submission.objects.update(is_waiting=True, mailed_at=None, job=job.id)
    Job.objects.create(id=job.id, kind=job.kind, payload=job.payload)
    drain()
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body == second.body


def test_an_unknown_kind_is_set_aside() -> None:
    Job.objects.create(kind="nobody.knows")
    drain()
    assert Job.objects.get().failed_at is not None
    assert drain() == 0


def test_the_unconfirmed_are_forgotten_after_seven_days(portland: CityPages) -> None:
    make_signature(portland["en"])
    kept = confirmed(portland["en"], "b@example.org")
    long_ago = timezone.now() - timedelta(days=7, minutes=1)
    Signature.objects.update(asked_at=long_ago)
    Submission.objects.update(created_at=long_ago)
    delete_unconfirmed()
    assert [row.pk for row in Signature.objects.all()] == [kept.pk]


def test_half_a_year_and_a_week_after_the_close_nobody_is_known_any_more(
    portland: CityPages,
) -> None:
    signature = confirmed(portland["en"], comment="Words", show_name=True)
    Signature.objects.update(asked_at=timezone.now() - timedelta(days=210))
    petition = portland["en"].petition
    petition.closes_at = timezone.now() - timedelta(days=200)
    petition.save()
    Erasure.objects.create(
        petition=petition,
        act=f"time {petition.closes_at.isoformat()}",
        recorded_at=petition.closes_at,
        announced_at=timezone.now() - timedelta(days=8),
        seen_at=timezone.now() - timedelta(hours=1),
    )
    anonymise()
    signature.refresh_from_db()
    assert (signature.name, signature.email, signature.comment) == ("", "", "")
    assert signature.is_confirmed
