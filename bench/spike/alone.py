"""What a signature takes of one process alone, with nobody beside it and no server before it.

Usage: python -m bench.spike.alone [ORDER]. ALONE_SIGNATURES (2000) sign one after another, each
from a network of its own, through the whole WSGI application. What is told is the processor's time,
which others on the machine change little. ORDER, like `tottime`, has it profiled instead.
"""

import cProfile
import io
import json
import os
import pstats
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.drilling.browser import HOST
from bench.drilling.site import ROOT, Site, site

NUMBER = int(os.environ.get("ALONE_SIGNATURES", "2000"))
ROUNDS, BEFORE, SHOWN = 3, 100, 60
GOAL_MS = 1.0


@dataclass(frozen=True)
class Alone:
    """Milliseconds of the processor's time for each, and how often the database was asked."""

    python: float
    postgresql: float
    statements: float

    @property
    def told(self) -> str:
        return (
            f"a signature alone: Python {self.python:.2f} ms, PostgreSQL {self.postgresql:.2f} ms, "
            f"{self.statements:.1f} statements"
        )

    @property
    def figure(self) -> tuple[str, float, float, float, str]:
        return ("Python's time of a signature, of a millisecond", self.python, GOAL_MS, 1.0, "ms")


def alone(here: Site, *words: str) -> str:
    """What a process of the site's own says."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.spike.alone", "inside", *words],
        cwd=ROOT,
        env=here.environment(),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def measured(here: Site) -> Alone:
    return Alone(**json.loads(alone(here)))


class Signers:
    """Everybody signs once, and the answer has to say so."""

    def __init__(self) -> None:
        from bench.drilling import inside
        from cms.wsgi import application

        self.application = application
        _page, self.path, self.form = inside.form()
        self.prefix = os.urandom(4).hex()
        self.number = 0

    def environs(self, number: int) -> list[dict[str, Any]]:
        """Made before anything is measured."""
        return [self.environ() for _signer in range(number)]

    def environ(self) -> dict[str, Any]:
        self.number += 1
        n = self.number
        body = urlencode({**self.form, "email": f"{self.prefix}{n}@example.org"}).encode()
        return {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": HOST,
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_FOR": f"{1 + n % 200}.{n // 200 % 250}.{n // 50_000}.7",
            "HTTP_ORIGIN": f"https://{HOST}",
            "HTTP_REFERER": f"https://{HOST}/",
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101",
            "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def sign(self, environs: Iterable[dict[str, Any]]) -> None:
        answers: list[str] = []

        def answered(status: str, _headers: object, *_error: object) -> None:
            answers.append(status)

        for environ in environs:
            answer: Any = self.application(environ, answered)
            for _part in answer:
                pass
            if hasattr(answer, "close"):
                answer.close()
            assert answers.pop().startswith("303")


def inside_measured() -> Alone:
    signers = Signers()
    signers.sign(signers.environs(BEFORE))
    statements = counted(lambda: signers.sign(signers.environs(1)))
    python, postgresql = [], []
    for _round in range(ROUNDS):
        environs = signers.environs(NUMBER)
        ours, theirs = time.thread_time(), backend_seconds()
        signers.sign(environs)
        python.append((time.thread_time() - ours) / NUMBER * 1000)
        postgresql.append((backend_seconds() - theirs) / NUMBER * 1000)
    return Alone(statistics.median(python), statistics.median(postgresql), statements)


def counted(sign: Callable[[], None]) -> int:
    """With those that begin and end a transaction; the key of the day is kept for half a second."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        sign()
    return len(asked)


def backend_seconds() -> float:
    """Of the one process of PostgreSQL's that this connection has."""
    from django.db import connection

    raw: Any = connection.connection
    fields = Path(f"/proc/{raw.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def profiled(order: str) -> None:
    signers = Signers()
    signers.sign(signers.environs(BEFORE))
    environs = signers.environs(NUMBER)
    profile = cProfile.Profile(time.thread_time)
    profile.runcall(signers.sign, environs)
    pstats.Stats(profile).sort_stats(order).print_stats(SHOWN)


def main() -> None:
    words = sys.argv[1:]
    if words[:1] != ["inside"]:
        with site() as here:
            print(alone(here, *words) if words else measured(here).told)
    elif words[1:]:
        profiled(words[1])
    else:
        print(json.dumps(asdict(inside_measured())))


if __name__ == "__main__":
    main()
