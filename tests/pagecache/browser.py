"""A reader who comes past the cache, which the test client of Django does not."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import brotli
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import RequestFactory

from pagecache import changes
from pagecache.serving import PageCache


@contextmanager
def one_connection() -> Iterator[None]:
    """A request leaves the test's own open, as it does with Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


CITY = "/en/end-ties/portland-oregon/"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        unpack: dict[str, Callable[[bytes], bytes]] = {
            "br": brotli.decompress,
            "gzip": gzip.decompress,
        }
        encoding = self.headers.get("Content-Encoding", "")
        return unpack.get(encoding, bytes)(self.body).decode()


class Process:
    """One of several that serve the site: with a cache of its own, and what it knows."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.rendered: list[str] = []
        self.cache = PageCache(self._count(application))

    def _count(self, application: Callable[..., Any]) -> Callable[..., Any]:
        def counting(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            self.rendered.append(environ["PATH_INFO"])
            answer: Iterable[bytes] = application(environ, start)
            return answer

        return counting

    def get(self, address: str, method: str = "GET", **environ: Any) -> Answer:
        request = RequestFactory().generic(method, address, HTTP_HOST="testserver")
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> None:
            started.extend([status, headers])

        found = {**request.environ, **environ}
        with one_connection():
            answer = self.cache(
                {name: each for name, each in found.items() if each is not None}, start
            )
            body = b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
        names = [name for name, _value in started[1]]
        assert len(set(names)) == len(names) or "Set-Cookie" in names, "each header once"
        return Answer(int(started[0][:3]), dict(started[1]), body)

    def is_kept(self, address: str, **environ: Any) -> bool:
        """Whether it is answered without Django."""
        before = len(self.rendered)
        self.get(address, **environ)
        return len(self.rendered) == before


def commit() -> None:
    """As at the end of a request that changed something. A test's own transaction never ends."""
    waiting = [each[1] for each in connection.run_on_commit]
    connection.run_on_commit = []
    for run in waiting:
        if isinstance(run, changes.Dropping):
            run()
