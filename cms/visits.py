"""A request's body and its answer, between the server's loop and the thread that works on it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from uvicorn._types import ASGIReceiveCallable, ASGISendCallable

Headers = list[tuple[str, str]]
# For each part of an answer to be taken.
PATIENCE_SECONDS = 30.0
# What is left of a body that nobody wants is read so long, so that its sender reads the answer.
LINGER_SECONDS = 2.0
WITHOUT_BODY = {204, 304}


class GoneError(Exception):
    """Whoever asked has gone, or takes no more."""


class Visit:
    def __init__(self, method: str, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self.method = method
        self.receive = receive
        self.send = send
        self.is_begun = False
        self.leaving: asyncio.Task[None] | None = None

    async def body(self) -> AsyncIterator[bytes]:
        """Raises: GoneError."""
        is_more = True
        while is_more:
            message = await self.receive()
            if message["type"] != "http.request":
                raise GoneError
            yield message["body"]
            is_more = message["more_body"]

    async def tell(
        self, status: int, headers: Headers, body: bytes = b"", is_last: bool = False
    ) -> None:
        """A whole answer, and the last one of its connection where a body was not read."""
        length = [("Content-Length", str(len(body)))]
        has_one = self.method == "HEAD" or status in WITHOUT_BODY
        has_one = has_one or any(name.lower() == "content-length" for name, _value in headers)
        close = [("Connection", "close")] if is_last else []
        await self.start(status, headers + length * (not has_one) + close)
        await self.add(body, is_more=is_last)
        if is_last:
            with contextlib.suppress(GoneError, TimeoutError):
                async with asyncio.timeout(LINGER_SECONDS):
                    async for _part in self.body():
                        pass
            await self.add(b"")

    async def start(self, status: int, headers: Headers) -> None:
        self.is_begun = True
        told = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await self.send({"type": "http.response.start", "status": status, "headers": told})

    async def add(self, part: bytes, is_more: bool = False) -> None:
        await self.send({"type": "http.response.body", "body": part, "more_body": is_more})

    def begin(self, status: int, headers: Headers, loop: asyncio.AbstractEventLoop) -> None:
        """From a thread: an answer in parts, of which none is made before the last one is taken."""

        async def begin() -> None:
            self.leaving = loop.create_task(self.leave())
            await self.start(status, headers)

        self.wait(begin(), loop)

    def go_on(self, part: bytes, loop: asyncio.AbstractEventLoop, is_more: bool = True) -> None:
        """Raises: GoneError."""
        if self.leaving is None or self.leaving.done():
            raise GoneError
        self.wait(self.add(part, is_more), loop)

    async def leave(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    def wait(self, work: Coroutine[Any, Any, None], loop: asyncio.AbstractEventLoop) -> None:
        taking = asyncio.run_coroutine_threadsafe(work, loop)
        try:
            taking.result(PATIENCE_SECONDS)
        except TimeoutError:
            taking.cancel()
            raise GoneError from None
