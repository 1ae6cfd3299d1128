"""Mails against a real mail server, sent by real workers, one of which is killed."""

import email
import email.policy
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.checks import Tags, run_checks
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from jobs.models import Job
from jobs.worker import drain
from mails import smtp as smtp_module
from mails.smtp import kept
from signatures.models import Allowance, Submission
from tests.support.factories import make_signature
from tests.support.kinds import CityPages, SmallSite

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).resolve().parent.parent.parent


class Mailbox:
    """Keeps what arrives; when told to, never says that it did."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        # Of each mail the connection that brought it.
        self.peers: list[object] = []
        self.arrived = threading.Event()
        self.answers = threading.Event()
        self.answers.set()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("refused@"):
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        self.peers.append(session.peer)
        self.arrived.set()
        while not self.answers.is_set():
            await server.loop.run_in_executor(None, self.answers.wait, 0.1)
        return "250 OK"

    def header(self, number: int, name: bytes) -> bytes:
        content = self.mails[number].content
        assert isinstance(content, bytes)
        lines = content.splitlines()
        return next(line for line in lines if line.lower().startswith(name.lower()))

    def words(self, number: int) -> list[str]:
        """The parts of a mail; what divides them is another every time."""
        content = self.mails[number].content
        assert isinstance(content, bytes)
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        return [part.get_content() for part in parsed.iter_parts()]


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    server.start()
    yield box, port
    box.answers.set()
    kept.end()
    server.stop()


@pytest.fixture
def smtp(mailbox: tuple[Mailbox, int], settings: Settings) -> Mailbox:
    settings.EMAIL_BACKEND = "mails.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox[1]
    return mailbox[0]


WORKER = ("manage.py", "worker")


def start(
    mail_port: int, command: tuple[str, ...] = WORKER, **environment: str
) -> subprocess.Popen[str]:
    """A process of its own, on the test's database."""
    database = connection.settings_dict
    address = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        user = f"{database['USER']}:{database['PASSWORD']}"
        address = f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.jobs.smtp_settings",
            "DATABASE_URL": address,
            "MAIL_PORT": str(mail_port),
            # In a test nobody has collected the static files, which WhiteNoise remarks upon.
            "PYTHONWARNINGS": "ignore",
            **environment,
        },
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_killed_worker_loses_no_mail(
    transactional_site: SmallSite, mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    make_signature(transactional_site["portland"]["en"])
    box.answers.clear()
    killed = start(port)
    try:
        assert box.arrived.wait(30)
    finally:
        os.kill(killed.pid, signal.SIGKILL)
        killed.communicate(timeout=10)
    # The worker's chores ask for cards besides.
    mails = Job.objects.exclude(kind__startswith="cards.")
    job = mails.get()
    assert job.leased_until
    box.answers.set()
    box.arrived.clear()
    # Its lease runs out; nobody else may touch the job before.
    mails.update(leased_until=timezone.now())
    second = start(port)
    try:
        assert box.arrived.wait(30)
    finally:
        second.terminate()
        second.communicate(timeout=10)
    assert box.header(0, b"message-id") == box.header(1, b"message-id")
    assert not mails.exists()
    assert box.words(0) == box.words(1)
    assert Submission.objects.get().mailed_at
    assert Allowance.objects.filter(kind="mail", free_at__gt=timezone.now()).count() == 1


@pytest.mark.django_db
def test_a_mailbox_in_cyrillic_gets_its_mail(portland: CityPages, smtp: Mailbox) -> None:
    make_signature(portland["uk"], "олена@приклад.укр")
    assert drain() == 1
    assert [mail.rcpt_tos for mail in smtp.mails] == [["олена@xn--80aikifvh.xn--j1amh"]]
    assert "олена@xn--80aikifvh.xn--j1amh".encode() in smtp.header(0, b"to:")
    assert not Job.objects.exists()


def write(*recipients: str) -> None:
    for recipient in recipients:
        EmailMessage("Subject", "Words", to=[recipient]).send()


def test_many_mails_go_over_one_connection(smtp: Mailbox) -> None:
    write("a@example.org", "олена@приклад.укр", "c@example.org")
    assert len(smtp.mails) == 3
    assert len(set(smtp.peers)) == 1


def test_a_connection_that_died_is_opened_anew(smtp: Mailbox) -> None:
    write("a@example.org")
    sock = kept.idle[0].connection.sock
    assert sock
    sock.shutdown(socket.SHUT_RDWR)
    write("b@example.org", "c@example.org")
    assert len(smtp.mails) == 3
    assert len(set(smtp.peers)) == 2


def test_a_connection_that_is_in_use_is_not_asked_before_each_mail(
    smtp: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a@example.org")
    asked: list[str] = []

    def noop() -> tuple[int, bytes]:
        asked.append("noop")
        return 250, b"OK"

    monkeypatch.setattr(kept.idle[0].connection, "noop", noop)
    write("b@example.org")
    assert not asked
    kept.idle[0] = replace(kept.idle[0], since=kept.idle[0].since - smtp_module.FRESH_SECONDS)
    write("c@example.org")
    assert asked == ["noop"]
    assert len(set(smtp.peers)) == 1


def test_a_connection_on_which_a_mail_was_refused_is_not_kept(smtp: Mailbox) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        write("refused@example.org")
    assert not kept.idle
    write("a@example.org")
    assert len(smtp.mails) == 1


def test_no_process_uses_anothers_connection(
    smtp: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a@example.org")
    said: list[str] = []
    monkeypatch.setattr(kept.idle[0].connection, "send", said.append)
    # As after a fork.
    monkeypatch.setattr(os, "getpid", lambda: -1)
    write("b@example.org")
    assert len(set(smtp.peers)) == 2
    assert said == [], "nothing is said over what the other process still uses"


def test_no_two_threads_use_a_connection_at_once(smtp: Mailbox) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, [f"{number}@example.org" for number in range(40)]))
    assert len({mail.rcpt_tos[0] for mail in smtp.mails}) == 40
    assert len(kept.idle) == len(set(smtp.peers)) <= 4


def test_a_connection_that_nobody_uses_is_ended(smtp: Mailbox) -> None:
    write("a@example.org")
    smtp_module.end_idle()
    assert kept.idle, "it may be used at once"
    kept.idle[0] = replace(kept.idle[0], since=kept.idle[0].since - smtp_module.IDLE_SECONDS)
    smtp_module.end_idle()
    assert not kept.idle


@pytest.mark.django_db
def test_a_worker_with_a_foreign_field_key_refuses_to_start(
    portland: CityPages, settings: Settings
) -> None:
    make_signature(portland["en"])
    settings.FIELD_KEYS = {"other": os.urandom(32)}
    with pytest.raises(Exception, match="FIELD_KEYS does not hold the key"):
        call_command("worker", "--once")
    settings.FIELD_KEYS = {"demo": os.urandom(32)}
    assert run_checks(tags=[Tags.database], databases=["default"])


@pytest.mark.parametrize("command", [WORKER, ("-c", "import cms.wsgi")], ids=["worker", "site"])
def test_with_a_foreign_field_key_nothing_starts_but_one_sentence(
    transactional_site: SmallSite, command: tuple[str, ...]
) -> None:
    make_signature(transactional_site["portland"]["en"])
    key = "other:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
    stopped = start(1, command, FIELD_KEYS=key)
    _out, told = stopped.communicate(timeout=60)
    assert stopped.returncode != 0
    assert told.removeprefix("CommandError: ").startswith("FIELD_KEYS does not hold the key")
    assert told.count("\n") == 1
