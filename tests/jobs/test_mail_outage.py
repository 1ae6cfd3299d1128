"""A mail server that is away costs no mail, no try and no time beyond its own absence."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from jobs import state
from jobs.models import Job
from jobs.resting import resting
from jobs.worker import do_next, drain
from mails import rendering, smtp
from mails.reaching import AWAY, reach
from security.models import Bucket
from signatures.models import Submission
from tests.conftest import Clock
from tests.support.factories import make_signature
from tests.support.kinds import CityPages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MAILS = 6


@pytest.fixture
def port(settings: Settings) -> Iterator[int]:
    """Where nobody listens yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    settings.EMAIL_BACKEND = "mails.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.3
    yield port
    smtp.kept.end()
    reach.lost_at = None
    resting.clear()


class Receiver:
    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        self.recipients += envelope.rcpt_tos  # type: ignore[attr-defined]
        return "250 OK"


@contextmanager
def working(port: int) -> Iterator[list[str]]:
    receiver = Receiver()
    server = Controller(receiver, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield receiver.recipients
    finally:
        smtp.kept.end()
        server.stop()


@contextmanager
def talking(port: int, answer: Callable[[bytes], bytes]) -> Iterator[None]:
    """A server that answers the empty line, which is its greeting, and every other as it is told."""
    with socket.create_server(("127.0.0.1", port)) as server:
        over = threading.Event()

        def talk() -> None:
            while not over.is_set():
                peer, _address = server.accept()
                with peer, peer.makefile("rb") as lines:
                    line = b""
                    while not over.is_set() and (said := answer(line)):
                        peer.sendall(said)
                        line = lines.readline()
                        if not line:
                            break
                    over.wait(0.5)

        talker = threading.Thread(target=talk, daemon=True)
        talker.start()
        try:
            yield
        finally:
            over.set()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
            talker.join(5)


def busy(line: bytes) -> bytes:
    return b"554 No service here\r\n"


def silent(line: bytes) -> bytes:
    return b""


def without_tls(line: bytes) -> bytes:
    return b"220 Hello\r\n" if not line else b"250 Welcome\r\n"


def unwelcoming(line: bytes) -> bytes:
    if not line:
        return b"220 Hello\r\n"
    if line.upper().startswith(b"EHLO"):
        return b"250-Welcome\r\n250 AUTH PLAIN\r\n"
    return b"535 Not with this password\r\n" if line.startswith(b"AUTH") else b"250 OK\r\n"


WAYS = {
    "nobody listens": None,
    "another greeting": busy,
    "no word": silent,
    "no TLS": without_tls,
    "another password": unwelcoming,
}


@contextmanager
def away(port: int, answer: Callable[[bytes], bytes] | None) -> Iterator[None]:
    if answer is None:
        yield
        return
    with talking(port, answer):
        yield


def sign(page: CityPages, clock: Clock, number: int = MAILS) -> None:
    for each in range(number):
        make_signature(page["en"], f"signer{each}@example.org")
        clock.go_on(seconds=1)


@pytest.mark.parametrize("how", WAYS)
def test_a_server_that_is_away_costs_no_try_and_all_goes_out_when_it_is_back(
    how: str,
    portland: CityPages,
    port: int,
    clock: Clock,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level("INFO")
    settings.EMAIL_USE_TLS = how == "no TLS"
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = how == "another password" and "a"
    sign(portland, clock)
    before = list(Job.objects.order_by("pk").values())
    rendered: list[str] = []
    render = rendering.render

    def noted(name: str, *args: Any, **some: Any) -> EmailMultiAlternatives:
        rendered.append(name)
        return render(name, *args, **some)

    monkeypatch.setattr(rendering, "render", noted)
    rounds = 3
    with away(port, WAYS[how]):
        for _each in range(rounds):
            assert drain() <= 1, "one finds out for all of its kind"
            assert drain() == 0, "and nobody asks again at once"
            clock.go_on(hours=1)
    assert list(Job.objects.order_by("pk").values()) == before, "neither turn nor try is lost"
    assert len(rendered) <= rounds, "what cannot be sent is not rendered"
    assert "late" in state.queue_told()
    assert not Submission.objects.exclude(mailed_at=None).exists()
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
    with working(port) as arrived:
        assert drain() == MAILS
    assert len(set(arrived)) == len(arrived) == MAILS
    told = [each.getMessage() for each in caplog.records if "server" in each.getMessage()]
    assert len(told) == 2, "one line when it goes, and one when it is back"
    assert "cannot be reached" in told[0]
    assert "back" in told[1]


def test_mails_go_out_seconds_after_the_server_is_back(
    portland: CityPages, port: int, clock: Clock
) -> None:
    sign(portland, clock)
    for _each in range(30):
        drain()
        clock.go_on(minutes=1)
    drain()
    with working(port) as arrived:
        clock.now += AWAY
        drain()
    assert len(arrived) == MAILS


def test_a_server_that_is_away_holds_up_no_other_job(
    portland: CityPages, port: int, clock: Clock
) -> None:
    sign(portland, clock)
    Job.objects.create(kind="nobody.knows", run_at=clock.now)
    assert drain() == 2
    assert Job.objects.failed().get().kind == "nobody.knows"


def test_a_job_of_another_kind_does_not_wait_for_the_server_again(
    portland: CityPages, port: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(portland, clock, 2)
    drain()
    resting.clear()
    asked: list[object] = []
    monkeypatch.setattr(smtp.EmailBackend, "_open_anew", lambda _backend: asked.append(1))
    drain()
    assert not asked
    resting.clear()
    clock.now += AWAY
    assert do_next()
    assert asked


def test_a_clock_that_is_put_back_holds_up_nothing(
    portland: CityPages, port: int, clock: Clock
) -> None:
    sign(portland, clock)
    drain()
    clock.go_on(hours=-1)
    Job.objects.update(run_at=clock.now)
    Submission.objects.update(created_at=clock.now)
    Bucket.objects.all().delete()
    with working(port) as arrived:
        drain()
    assert len(arrived) == MAILS
