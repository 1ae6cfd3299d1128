"""How many mails go out: to a mailbox, and of the site; none is lost, none says a name."""

import logging
import re
import smtplib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from pytest_django import Settings

from jobs.models import Job
from jobs.worker import drain
from security.models import Bucket
from signatures import tasks
from signatures.models import Allowance, Signature, Submission
from signatures.signing import allowances
from signatures.signing.tokens import confirm_token
from tests.conftest import Clock
from tests.signatures.posting import OWN, post
from tests.support.factories import confirm_all, confirmed, make_city_petition, make_submission
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.django_db
ADVERTISEMENT = "Buy now at shop example"


class RefusingBackend(EmailBackend):
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise smtplib.SMTPRecipientsRefused({"olena@example.org": (550, b"unknown")})


@pytest.fixture
def pages(site: SmallSite) -> list[Any]:
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")
    return [site["campaign"]["en"], site["portland"]["en"], tacoma["en"], tacoma["uk"]]


def work(clock: Clock, hours: int = 1) -> None:
    for _each in range(hours):
        tasks.mail_what_was_put_off()
        drain()
        clock.go_on(hours=1)


@pytest.mark.parametrize("is_known", [False, True], ids=["new", "confirmed"])
def test_a_mailbox_gets_five_mails_in_any_24_hours_over_all_petitions(
    pages: list[Any], clock: Clock, is_known: bool
) -> None:
    if is_known:
        for page in pages:
            confirmed(page, name="Olena")
    sent: list[Any] = []
    began = clock.now
    # Until the five are used up, in between, and around when they are free again.
    for hour in (*range(6), 12, 20, *range(23, 30)):
        clock.now = began + timedelta(hours=hour)
        check = post(pages[hour % 4], comment=f"{hour}")["Location"]
        clock.go_on(minutes=2)
        Client().post(check, {"again": "1"}, **OWN)
        tasks.mail_what_was_put_off()
        drain()
        sent += [clock.now] * (len(mail.outbox) - len(sent))
    assert len(sent) == 10
    assert all((later - first).days >= 1 for first, later in zip(sent, sent[5:], strict=False))


SPELLINGS = [
    [f"tagged+{number}@example.org" for number in range(9)],
    [
        "j.ohn@gmail.com",
        "jo.hn@gmail.com",
        "john@googlemail.com",
        *[f"john+{n}@gmail.com" for n in "abcdef"],
    ],
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=["tags", "dots"])
def test_spellings_that_one_person_reads_share_the_days_mails(
    pages: list[Any], clock: Clock, spellings: list[str]
) -> None:
    for email in spellings:
        post(pages[0], email=email)
    drain()
    assert len(mail.outbox) == 5
    assert Signature.objects.count() == len(spellings), "whom they belong to is not guessed"


@pytest.mark.parametrize("spellings", SPELLINGS, ids=["tags", "dots"])
def test_who_wants_no_more_mail_gets_none_by_any_spelling(
    pages: list[Any], spellings: list[str]
) -> None:
    first, *others = spellings
    token = confirm_token(make_submission(pages[0], first))
    assert Client().post(f"/en/signatures/{token}/stop/", **OWN).status_code == 200
    for email in others:
        post(pages[0], email=email)
    drain()
    assert mail.outbox == []
    assert not Submission.objects.exists()


def test_what_the_day_leaves_out_comes_tomorrow_as_one_mail_and_one_job(
    pages: list[Any], clock: Clock
) -> None:
    for _each in range(5):
        post(pages[0])
        drain()
    for _each in range(3):
        for page in pages:
            post(page)
            drain()
    assert not Job.objects.exists(), "nothing piles up"
    work(clock, hours=24)
    assert len(mail.outbox) == 5
    tasks.mail_what_was_put_off()
    tasks.mail_what_was_put_off()
    assert Job.objects.count() == 1
    drain()
    assert len(mail.outbox) == 7, "one mail for three petitions, one for the other language"
    message: Any = mail.outbox[-2]
    links = re.findall(r"/signatures/(\S+)/confirm/", message.body)
    assert len(set(links)) == len(re.findall(r"(?m)^\d{6}$", message.body)) == 3
    assert set(links) <= set(re.findall(r"/signatures/(\S+)/confirm/", message.alternatives[0][0]))
    for link in links:
        assert Client().post(f"/en/signatures/{link}/confirm/", **OWN).status_code == 303
    assert Signature.objects.confirmed().count() == 3


def test_nothing_is_mailed_after_its_seven_days(pages: list[Any], clock: Clock) -> None:
    post(pages[0])
    clock.go_on(days=7, seconds=1)
    work(clock, hours=3)
    assert mail.outbox == []


@pytest.mark.parametrize("state", ["new", "again", "confirmed"])
def test_no_mail_says_a_name_or_anything_that_was_typed(pages: list[Any], state: str) -> None:
    if state == "confirmed":
        confirmed(pages[0], name=ADVERTISEMENT)
    for page in pages:
        post(page, name=ADVERTISEMENT, comment=ADVERTISEMENT)
    drain()
    for page in pages:
        post(page, name=ADVERTISEMENT, comment="Shorter")
    drain()
    assert len(mail.outbox) == 4, "one of the pages has another's petition, in another language"
    messages: list[Any] = mail.outbox
    for message in messages:
        said = f"{message.message()} {message.subject} {message.body} {message.alternatives}"
        assert ADVERTISEMENT not in said


def test_a_confirmed_signer_is_shown_what_was_sent_only_if_it_differs(pages: list[Any]) -> None:
    confirmed(pages[0], name="Olena")
    for country in ("UA", "US"):
        post(pages[0], country=country)
        drain()
    same, other = (str(message.body) for message in mail.outbox)
    assert "/confirm/" not in same
    assert confirm_token(Submission.objects.order_by("created_at").last()) in other  # type: ignore[arg-type]


def test_a_mail_tried_again_later_counts_from_when_it_went(
    pages: list[Any], clock: Clock, settings: Settings
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.jobs.test_worker.DownBackend"
    post(pages[0])
    drain()
    for _each in range(20):
        clock.go_on(hours=1)
        drain()
    settings.EMAIL_BACKEND = working
    clock.go_on(hours=1)
    drain()
    assert len(mail.outbox) == 1
    used = Allowance.objects.filter(free_at__gt=clock.now).values_list("free_at", flat=True)
    assert list(used) == [clock.now + allowances.DAY]


def test_a_mailbox_that_does_not_exist_may_be_tried_by_a_later_post(
    pages: list[Any], settings: Settings
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.signatures.test_mail_ceilings.RefusingBackend"
    post(pages[0])
    drain()
    assert Job.objects.get().failed_at
    settings.EMAIL_BACKEND = working
    post(pages[0])
    drain()
    assert len(mail.outbox) == 1


def test_what_a_deleted_job_was_to_carry_is_carried_by_another(
    pages: list[Any], settings: Settings
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.jobs.test_worker.DownBackend"
    post(pages[0])
    drain()
    Job.objects.all().delete()
    settings.EMAIL_BACKEND = working
    tasks.mail_what_was_put_off()
    drain()
    assert len(mail.outbox) == 1


def test_the_sites_ceiling_slows_and_alarms_and_drops_nothing(
    pages: list[Any], clock: Clock, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAILS_PER_MINUTE = 3
    caplog.set_level(logging.ERROR)
    for number in range(10):
        post(pages[0], email=f"signer{number}@example.org")
    sent = []
    for _each in range(30):
        drain()
        sent.append(len(mail.outbox))
        clock.go_on(seconds=10)
    assert sent[0] == 3
    assert sent[-1] == 10
    assert max(later - first for first, later in zip(sent, sent[6:], strict=False)) <= 3
    alarms = [record.getMessage() for record in caplog.records]
    assert 2 <= len(alarms) <= 3, "once a minute"
    assert not any("@" in words for words in alarms)
    assert not Job.objects.exists()


def test_a_job_that_waits_for_room_has_not_failed(
    pages: list[Any], clock: Clock, settings: Settings
) -> None:
    settings.MAILS_PER_MINUTE = 1
    for email in ("a@example.org", "b@example.org"):
        post(pages[0], email=email)
    drain()
    job = Job.objects.get()
    assert (job.attempts, job.error, job.failed_at, job.lease) == (0, "", None, None)
    assert Bucket.objects.filter(key="mails").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_none_passes_the_ceiling(transactional_site: SmallSite) -> None:
    kind = Allowance.Kind.TRY

    def take(_number: int) -> bool:
        try:
            return allowances.take_allowance("box", kind)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(24))) == 5
    page = transactional_site["portland"]["en"]
    for _each in range(6):
        post(page)

    def send(_number: int) -> int:
        try:
            return drain()
        finally:
            connection.close()

    mail.outbox.clear()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(send, range(4))) == 6
    assert len(mail.outbox) == 1
    assert Allowance.objects.filter(kind="mail", holder__isnull=False).count() == 1


def test_what_is_free_again_is_forgotten(pages: list[Any], clock: Clock) -> None:
    check = post(pages[0])["Location"]
    Client().post(check, {"code": "000000"}, **OWN)
    drain()
    tasks.forget_allowances()
    assert Allowance.objects.count() == 2
    clock.go_on(days=1, seconds=1)
    tasks.forget_allowances()
    assert not Allowance.objects.exists()


def test_confirming_by_hand_ends_the_wait_for_a_mail(pages: list[Any]) -> None:
    make_submission(pages[0])
    confirm_all()
    drain()
    assert mail.outbox == []
