"""A whole site of its own: PostgreSQL, four processes of the web server, a mail server."""

import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.drilling.browser import HOST, Answer, Browser, Door
from scripts.postgresql import (
    OLDEST,
    OPTIONS,
    Server,
    free_port,
    own_server,
    program_folders,
    version_of,
)

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "cGlkcHlzLWRlbW8ta2V5LW9ubHktZm9yLWEtbGFwdG8="
PROCESSES = 4
# Of the numbers that a drill promises: `DRILL_SHARE=0.1` tries everything in a tenth of the size.
SHARE = float(os.environ.get("DRILL_SHARE", "1"))


def size(number: int) -> int:
    return max(1, round(number * SHARE))


class Mails:
    """A mail server on loopback, which keeps the Message-ID of what it was sent, by recipient."""

    def __init__(self) -> None:
        self.port = free_port()
        self.by_recipient: dict[str, list[str]] = {}
        self.number = 0
        self.controller: Controller | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        lines = envelope.content.splitlines()
        found = next(each for each in lines if each.lower().startswith(b"message-id:"))
        links = [each for each in lines if b"/signatures/" in each]
        told = (found + b"".join(links[:1])).decode()
        self.by_recipient.setdefault(envelope.rcpt_tos[0], []).append(told)
        self.number += 1
        return "250 OK"

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        assert self.controller
        self.controller.stop()

    @property
    def extra_copies(self) -> int:
        return self.number - len(self.by_recipient)

    @property
    def different_copies(self) -> int:
        return sum(len(set(told)) > 1 for told in self.by_recipient.values())


@dataclass
class Site:
    server: Server
    mails: Mails
    folder: Path
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[Any]] = field(default_factory=list)

    def environment(self, **more: str) -> dict[str, str]:
        found = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "cms.settings.production",
            "SECRET_KEY": "drill-" * 10,
            "FIELD_KEYS": f"drill:{KEY}",
            "BACKUP_KEY": "YmFja3VwLWtleS1vbmx5LWZvci1hLWRyaWxsLTEyMzQ=",
            "BASE_URL": f"https://{HOST}",
            "ALLOWED_HOSTS": HOST,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mails.port}",
            "MAIL_FROM": "mail@petitions.example",
            "MAILS_PER_MINUTE": "1000000",
            "DATABASE_URL": self.server.address,
            "TRUSTED_PROXIES": "1",
            "WEB_WORKERS": str(PROCESSES),
            **more,
        }
        return {name: value for name, value in found.items() if value}

    def start(
        self, *command: str, root: Path = ROOT, quiet: bool = True, **more: str
    ) -> subprocess.Popen[Any]:
        environment = self.environment(**{"PYTHONPATH": str(root), **more})
        out = subprocess.DEVNULL if quiet else None
        process = subprocess.Popen(
            [sys.executable, *command], cwd=root, env=environment, stdout=out, stderr=out
        )
        self.processes.append(process)
        return process

    def manage(self, *words: str, root: Path = ROOT, **more: str) -> str:
        environment = self.environment(PYTHONPATH=str(root), **more)
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{words[0]} failed: {done.stderr[-2000:]}")
        return done.stdout

    def serve(
        self,
        root: Path = ROOT,
        port: int | None = None,
        **more: str,
    ) -> subprocess.Popen[Any]:
        """The web server, once it answers."""
        port = port or self.port
        process = self.start("-m", "cms.serve", root=root, quiet=True, PORT=str(port), **more)
        wait_until(lambda: ask(port, "/healthz").status == 200, 90)
        return process


def ask(port: int, path: str, form: dict[str, str] | None = None, seconds: float = 60) -> Answer:
    """As the proxy asks, from a network of its own each time. Status 0: nobody answered."""
    return Browser().ask(Door("127.0.0.1", port), path, form, seconds=seconds)


def wait_until(condition: Callable[[], object], seconds: float) -> float:
    """Returns how long it took. Raises: TimeoutError."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - started


@contextmanager
def site(options: str = OPTIONS) -> Iterator[Site]:
    """With the demo's campaign in it, and none of its log-ins let in."""
    programs = next(each for each in program_folders() if version_of(each) >= OLDEST)
    mails = Mails()
    mails.start()
    with own_server(programs, options) as server, tempfile.TemporaryDirectory() as folder:
        here = Site(server, mails, Path(folder))
        for command in ("migrate", "seed_demo"):
            # Nothing of a real site's environment.
            here.manage(
                command, DJANGO_SETTINGS_MODULE="cms.settings.demo", EMAIL_URL="", BASE_URL=""
            )
        here.manage("collectstatic", "--no-input")
        try:
            yield here
        finally:
            for process in here.processes:
                # Not killed: the server's own processes would outlive it.
                process.terminate()
            for process in here.processes:
                process.wait()
            mails.stop()


@dataclass
class Load:
    """A few threads that read pages and sign, until they are told to stop."""

    ports: list[int]
    page: str
    sign: str
    form: dict[str, str]
    threads: int = 3
    ask: Callable[..., Answer] = ask
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Load":
        self.running = [
            threading.Thread(target=self.go, args=(number,)) for number in range(self.threads)
        ]
        for thread in self.running:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        for thread in self.running:
            thread.join()

    def go(self, number: int) -> None:
        step = 0
        while not self.stop.is_set():
            step += 1
            port = self.ports[(number + step) % len(self.ports)]
            if step % 3:
                self.note("GET", self.ask(port, self.page))
                continue
            email = f"load-{number}-{step}-{secrets.token_hex(4)}@example.org"
            answer = self.ask(port, self.sign, {**self.form, "email": email})
            self.note("POST", answer)
            if answer.status == 303:
                self.accepted.add(email)

    def note(self, method: str, answer: Answer) -> None:
        self.answers[method, answer.status] += 1
        self.slowest[method] = max(self.slowest.get(method, 0.0), answer.seconds)

    def count(self, method: str, *, at_least: int) -> int:
        """Of a method's answers, those with this status or a worse one, or with none at all."""
        return sum(
            number
            for (which, status), number in self.answers.items()
            if which == method and (status >= at_least or status == 0)
        )

    def total(self, method: str) -> int:
        return sum(number for (which, _status), number in self.answers.items() if which == method)
