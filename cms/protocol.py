"""HTTP as the site speaks it: uvicorn's, with bounds, and what is kept of pages ahead of it.

Most of a spike read a page that is ready. Whoever asks for one as browsers do is answered here,
before a request is made of what they sent. All else uvicorn reads, with the care that it takes.
"""

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from cms.environs import simple

if TYPE_CHECKING:
    from cms.gateway import Site

# A request's line and headers together, in bytes, and how many headers.
LONGEST_HEAD = 2**14
MOST_HEADERS = 100
# In seconds: by then a head is whole; so long a connection waits for its next request; and whoever
# has taken nothing of an answer for so long takes no more.
HEAD_WITHIN = 20.0
KEEP_ALIVE = 75
TAKEN_WITHIN = 60.0
LOOKS_EVERY = 5.0
# So many of them each process keeps open: one that waits costs a few kilobytes.
CONNECTIONS = 10_000
# When the server ends, whoever has just come may still ask once.
ASKS_WITHIN = 1.0


class RefusedError(Exception):
    pass


class Protocol(HttpToolsProtocol):
    """Of one connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.site = cast("Site", self.app)
        self.refusal = HTTPStatus.BAD_REQUEST
        self.told: list[tuple[bytes, bytes]] = []
        self.date_line = b""
        self.is_in_head = self.is_in_message = self.has_asked = self.is_ending = False
        # Of the head that is read now: what has come of it, and what the parser has made of that.
        self.come = self.read = 0
        self.unsent = 0
        self.active = self.taken = self.loop.time()
        self.looking = self.loop.call_later(LOOKS_EVERY, self.look)
        if len(self.connections) > CONNECTIONS:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.looking.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        self.is_ending = True
        if self.has_asked:
            super().shutdown()
        else:
            self.loop.call_later(ASKS_WITHIN, super().shutdown)

    def data_received(self, data: bytes) -> None:
        self.has_asked = True
        if data.startswith(b"GET ") and self.is_idle and self.is_answered_at_once(data):
            return
        super().data_received(data)
        if self.is_in_head:
            self.come += len(data)
            if self.come > LONGEST_HEAD:
                self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    @property
    def is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    @property
    def is_idle(self) -> bool:
        """Between a request that has been answered and the next one."""
        return self.is_answered and not self.is_in_message

    def is_answered_at_once(self, data: bytes) -> bool:
        if self.flow.write_paused or (environ := simple(data)) is None:
            return False
        kept = self.site.at_once(environ)
        if kept is None:
            return False
        self._unset_keepalive_if_required()
        self.active = self.loop.time()
        goes_on = environ.get("HTTP_CONNECTION", "keep-alive").lower() == "keep-alive"
        is_last = self.is_ending or not goes_on
        close = b"connection: close\r\n" if is_last else b""
        status, told = kept.status.encode(), kept.head + self.date + close
        self.transport.write(b"HTTP/1.1 %b\r\n%b\r\n%b" % (status, told, kept.body))
        if is_last:
            self.transport.close()
        return True

    @property
    def date(self) -> bytes:
        """As uvicorn tells it, once a second."""
        told = self.server_state.default_headers
        if told is not self.told:
            self.told = told
            self.date_line = b"".join(b"%b: %b\r\n" % pair for pair in told)
        return self.date_line

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.is_in_head = self.is_in_message = True
        self.come = self.read = 0
        self.active = self.loop.time()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self.bound(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self.bound(len(name) + len(value))

    def on_headers_complete(self) -> None:
        if self.parser.get_http_version() not in ("1.0", "1.1"):
            raise RefusedError
        self.is_in_head = False
        super().on_headers_complete()
        if self.is_ending:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        self.is_in_message = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self.active = self.loop.time()
        super().on_response_complete()

    def bound(self, length: int) -> None:
        self.read += length
        if self.read > LONGEST_HEAD or len(self.headers) > MOST_HEADERS:
            self.refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise RefusedError

    def send_400_response(self, _msg: str) -> None:
        """Where the parser stopped."""
        self.refuse(self.refusal)

    def refuse(self, status: HTTPStatus) -> None:
        if not self.pipeline and (self.is_answered or not self.cycle.response_started):
            end = b"content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + self.date + end)
        self.transport.close()

    def look(self) -> None:
        """Ends a connection that only waits: for its other end, which may never come."""
        self.looking = self.loop.call_later(LOOKS_EVERY, self.look)
        now, unsent = self.loop.time(), self.transport.get_write_buffer_size()
        if unsent != self.unsent:
            self.unsent, self.taken = unsent, now
        if unsent:
            if now - self.taken > TAKEN_WITHIN:
                self.transport.abort()
        elif self.is_in_head and now - self.active > HEAD_WITHIN:
            self.refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self.is_answered and now - self.active > KEEP_ALIVE:
            # Also where a body goes on of which nobody wanted the rest.
            self.transport.close()
