"""The web application as granian asks it (RSGI): what is kept of pages is answered at once.

All else waits for one of a few threads, with its request read to the end, so that a slow visitor
holds none. Who signs waits among signers alone, and only so many at once: whoever comes then is
told so at once, and readers do not notice.
"""

import asyncio
import contextlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

from django.conf import settings
from django.utils.translation import get_language_from_path
from granian.rsgi import (  # type: ignore[attr-defined]
    HTTPProtocol,
    ProtocolClosed,
    ProtocolError,
    Scope,
)

from cms import busy, watchdog
from cms.environs import BadHeadError, Environ, environ_of, with_body
from pagecache.serving import PageCache

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPStreamTransport as HTTPStreamTransport

T = TypeVar("T")
logger = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
Whole = tuple[int, Headers, bytes]
# How many requests of a kind Django works on at once in this process, and how many more of those
# who send something may wait.
THREADS = int(os.environ.get("WEB_THREADS", "4"))
MOST_WAITING = 64
# As much as the largest upload of the admin, as the proxy has it, and of all at once.
MOST_BYTES = 21 * 2**20
# Of anybody else, who uploads nothing: what Django itself reads of a form.
MOST_BYTES_OF_VISITORS = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
MOST_BYTES_TOGETHER = 4 * MOST_BYTES
# But for recipients, who have a file checked or send a letter: so much of them all together, that
# whoever signs has room beside them.
RECIPIENTS = re.compile(r"/[\w-]+/deliveries/.+")
MOST_BYTES_OF_RECIPIENTS = 2 * MOST_BYTES
# What is larger lies on the disk until it is read.
IN_MEMORY = 2**16
# For all of a request's body, and for each part of an answer.
PATIENCE_SECONDS = 30.0
# What comes of an answer in parts is sent at once, if it is no more than this.
AT_ONCE = 2**18
SWITCH_SECONDS = 0.0005
READING = {"GET", "HEAD", "OPTIONS"}


class TooLargeError(Exception):
    pass


class NoRoomError(Exception):
    pass


class Pool:
    """A few threads, and a line of those who wait for one, perhaps with a bound."""

    def __init__(self, name: str, places: float = float("inf")) -> None:
        self.threads = ThreadPoolExecutor(THREADS, name)
        self.places = places
        self.open = 0

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Raises: NoRoomError."""
        if self.open >= self.places:
            raise NoRoomError
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1


class Started:
    """What a WSGI application says before its body."""

    status = 500
    headers: Headers = []

    def __call__(self, status: str, headers: Headers, *_error: object) -> None:
        self.status, self.headers = int(status[:3]), headers


class Site:
    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.cache = application if isinstance(application, PageCache) else None
        # Whether they are recipients'.
        self.bytes = {False: 0, True: 0}
        self.cut: set[object] = set()
        # By language and status, as Django has made them.
        self.told: dict[tuple[str, int], Whole] = {}

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """In each process of the server, after it has forked."""
        # While a thread computes, the loop waits for its turn so long: usually ten times as much.
        sys.setswitchinterval(SWITCH_SECONDS)
        self.loop = loop
        self.watching = loop.create_task(watchdog.watch())
        # A reader is never turned away: most wait only until a page is ready that many wait for.
        self.reading, self.writing = Pool("reading"), Pool("writing", THREADS + MOST_WAITING)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        self.watching.cancel()
        watchdog.leave()
        for pool in (self.reading, self.writing):
            pool.threads.shutdown()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            environ = environ_of(scope)
            if self.cache and (kept := self.cache.at_once(environ)):
                protocol.response_bytes(int(kept.status[:3]), kept.headers, kept.body)
            else:
                await self.ask(environ, protocol)
        except NoRoomError:
            await self.tell(HTTPStatus.SERVICE_UNAVAILABLE, environ, protocol)
        except BadHeadError:
            refuse(protocol, HTTPStatus.BAD_REQUEST)
        except TooLargeError:
            await self.tell(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, environ, protocol)
        except TimeoutError:
            refuse(protocol, HTTPStatus.REQUEST_TIMEOUT)
        except (ProtocolClosed, ProtocolError):
            # Whoever asked has gone.
            return

    async def ask(self, environ: Environ, protocol: HTTPProtocol) -> None:
        pool = self.reading if environ["REQUEST_METHOD"] in READING else self.writing
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            length = await self.read(environ, protocol, body)
            try:
                body.seek(0)
                whole = with_body(environ, cast("BinaryIO", body), length)
                with pool.place():
                    work = self.loop.run_in_executor(pool.threads, self.work, whole, protocol)
                    answer = await work
            finally:
                self.bytes[is_recipients(environ)] -= length
        if answer:
            protocol.response_bytes(*answer)

    async def read(self, environ: Environ, protocol: HTTPProtocol, body: IO[bytes]) -> int:
        """How long the body is, all of which is counted until it has been worked on.

        Raises: TooLargeError, NoRoomError, TimeoutError.
        """
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return 0
        whose = is_recipients(environ)
        is_large = whose or environ["PATH_INFO"].startswith("/admin/")
        most = MOST_BYTES if is_large else MOST_BYTES_OF_VISITORS
        if int(environ.get("CONTENT_LENGTH", 0)) > most:
            raise TooLargeError
        length = 0
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                async for part in protocol:
                    length += len(part)
                    self.bytes[whose] += len(part)
                    if length > most:
                        raise TooLargeError
                    if self.is_full(whose):
                        raise NoRoomError
                    body.write(part)
        except BaseException:
            self.bytes[whose] -= length
            raise
        return length

    def is_full(self, whose: bool) -> bool:
        is_over = sum(self.bytes.values()) > MOST_BYTES_TOGETHER
        return is_over or (whose and self.bytes[True] > MOST_BYTES_OF_RECIPIENTS)

    def work(self, environ: Environ, protocol: HTTPProtocol) -> Whole | None:
        """In a thread: the whole answer, or None where it was sent in parts."""
        started = Started()
        try:
            parts = self.application(environ, started)
            try:
                return self.answer(started, iter(parts), protocol)
            finally:
                if hasattr(parts, "close"):
                    parts.close()
        except Exception:
            # Django answers its own errors: this is the server's, or a reader who has gone.
            logger.exception("An answer could not be sent.")
            return 500, [], b""

    def answer(
        self, started: Started, parts: Iterator[bytes], protocol: HTTPProtocol
    ) -> Whole | None:
        first = b""
        for part in parts:
            first += part
            if len(first) > AT_ONCE:
                break
        else:
            return started.status, started.headers, first
        self.send(started, chain([first], parts), protocol)
        return None

    def send(self, started: Started, parts: Iterable[bytes], protocol: HTTPProtocol) -> None:
        """No further part is made before the last one has been taken."""

        async def begin() -> "HTTPStreamTransport":
            return protocol.response_stream(started.status, started.headers)

        transport = self.wait(begin())
        try:
            for part in parts:
                self.wait(taken(transport, part))
        except BaseException:
            asyncio.run_coroutine_threadsafe(self.leave_open(transport, protocol), self.loop)
            raise

    async def leave_open(self, transport: "HTTPStreamTransport", protocol: HTTPProtocol) -> None:
        """What was cut off must not look whole: it has no end until its reader gives up."""
        self.cut.add(transport)
        await protocol.client_disconnect()
        self.cut.discard(transport)

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_SECONDS)

    async def tell(self, status: int, environ: Environ, protocol: HTTPProtocol) -> None:
        """A page that Django has made once, in the language of the address."""
        language = get_language_from_path(environ["PATH_INFO"]) or settings.LANGUAGE_CODE
        if (language, status) not in self.told:
            asked = busy.environ_for(language, environ, status)
            made = await self.loop.run_in_executor(None, self.work, asked, protocol)
            if made is None or made[0] != status:
                refuse(protocol, status)
                return
            # What is left of a body that is too large is not read.
            close = [("Connection", "close")] if status != HTTPStatus.SERVICE_UNAVAILABLE else []
            self.told[language, status] = (status, [*made[1], *close], made[2])
        protocol.response_bytes(*self.told[language, status])


def is_recipients(environ: Environ) -> bool:
    return RECIPIENTS.fullmatch(environ["PATH_INFO"]) is not None


async def taken(transport: "HTTPStreamTransport", part: bytes) -> None:
    await transport.send_bytes(part)


def refuse(protocol: HTTPProtocol, status: int) -> None:
    protocol.response_bytes(status, [("Connection", "close")], b"")
