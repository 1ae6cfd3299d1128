"""The web application as its server asks it (ASGI): what is kept of pages is answered at once.

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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import chain
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.utils.translation import get_language_from_path
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope, LifespanScope

from cms import busy, watchdog
from cms.environs import BadHeadError, Environ, environ_of, with_body
from cms.visits import PATIENCE_SECONDS, GoneError, Headers, Visit
from pagecache.serving import PageCache, Ready

logger = logging.getLogger(__name__)

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
        # By language and status, as Django has made them.
        self.told: dict[tuple[str, int], Whole] = {}

    async def __call__(
        self,
        scope: HTTPScope | LifespanScope,
        receive: ASGIReceiveCallable,
        send: ASGISendCallable,
    ) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        visit = Visit(scope["method"], receive, send)
        try:
            await self.visited(environ_of(scope), visit)
        except BadHeadError:
            await visit.tell(HTTPStatus.BAD_REQUEST, [], is_last=True)
        except TimeoutError:
            await visit.tell(HTTPStatus.REQUEST_TIMEOUT, [], is_last=True)
        except GoneError:
            # What was begun has no end, so that it does not look whole.
            return

    async def live(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """In each process of the server, after it has forked."""
        await receive()
        # While a thread computes, the loop waits for its turn so long: usually ten times as much.
        sys.setswitchinterval(SWITCH_SECONDS)
        self.loop = asyncio.get_running_loop()
        watching = self.loop.create_task(watchdog.watch())
        # A reader is never turned away: most wait only until a page is ready that many wait for.
        self.reading, self.writing = Pool("reading"), Pool("writing", THREADS + MOST_WAITING)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        watching.cancel()
        watchdog.leave()
        for pool in (self.reading, self.writing):
            pool.threads.shutdown()
        await send({"type": "lifespan.shutdown.complete"})

    def at_once(self, environ: Environ) -> Ready | None:
        return self.cache.at_once(environ) if self.cache else None

    async def visited(self, environ: Environ, visit: Visit) -> None:
        try:
            if kept := self.at_once(environ):
                await visit.tell(int(kept.status[:3]), kept.headers, kept.body)
            else:
                await self.ask(environ, visit)
        except NoRoomError:
            await self.tell(HTTPStatus.SERVICE_UNAVAILABLE, environ, visit)
        except TooLargeError:
            await self.tell(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, environ, visit)

    async def ask(self, environ: Environ, visit: Visit) -> None:
        pool = self.reading if environ["REQUEST_METHOD"] in READING else self.writing
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            length = await self.read(environ, visit, body)
            try:
                body.seek(0)
                whole = with_body(environ, cast("BinaryIO", body), length)
                with pool.place():
                    work = self.loop.run_in_executor(pool.threads, self.work, whole, visit)
                    answer = await work
            finally:
                self.bytes[is_recipients(environ)] -= length
        if answer:
            await visit.tell(*answer)

    async def read(self, environ: Environ, visit: Visit, body: IO[bytes]) -> int:
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
                async for part in visit.body():
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

    def work(self, environ: Environ, visit: Visit) -> Whole | None:
        """In a thread: the whole answer, or None where it was sent in parts."""
        started = Started()
        try:
            parts = self.application(environ, started)
            try:
                return self.answer(started, iter(parts), visit)
            finally:
                if hasattr(parts, "close"):
                    parts.close()
        except GoneError:
            raise
        except Exception as error:
            # Django answers its own errors: this is the server's.
            logger.exception("An answer could not be sent.")
            if visit.is_begun:
                raise GoneError from error
            return 500, [], b""

    def answer(self, started: Started, parts: Iterator[bytes], visit: Visit) -> Whole | None:
        first = b""
        for part in parts:
            first += part
            if len(first) > AT_ONCE:
                break
        else:
            return started.status, started.headers, first
        visit.begin(started.status, started.headers, self.loop)
        for part in chain([first], parts):
            visit.go_on(part, self.loop)
        visit.go_on(b"", self.loop, is_more=False)
        return None

    async def tell(self, status: int, environ: Environ, visit: Visit) -> None:
        """A page that Django has made once, in the language of the address."""
        language = get_language_from_path(environ["PATH_INFO"]) or settings.LANGUAGE_CODE
        if (language, status) not in self.told:
            asked = busy.environ_for(language, environ, status)
            made = await self.loop.run_in_executor(None, self.work, asked, visit)
            if made is None or made[0] != status:
                made = (status, [], b"")
            self.told[language, status] = made
        # What is left of a body that is too large is not read.
        is_last = status != HTTPStatus.SERVICE_UNAVAILABLE
        await visit.tell(*self.told[language, status], is_last=is_last)


def is_recipients(environ: Environ) -> bool:
    return RECIPIENTS.fullmatch(environ["PATH_INFO"]) is not None
