"""What is answered before uvicorn reads it, and whom a connection does not wait for."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvicorn.config import Config
from uvicorn.server import ServerState

from cms.environs import NOT_SIMPLE, environ_of, simple
from cms.protocol import (
    ASKS_WITHIN,
    CONNECTIONS,
    HEAD_WITHIN,
    KEEP_ALIVE,
    LONGEST_HEAD,
    LOOKS_EVERY,
    TAKEN_WITHIN,
    Protocol,
)
from pagecache.serving import Ready

pytestmark = pytest.mark.any_database

KEPT = Ready("200 OK", [], b"kept", b"content-length: 4\r\n")
HEAD = b"GET /en/ HTTP/1.1\r\nHost: a.example\r\n"


class Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.unsent = 0
        self.is_closed = self.is_aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_closed = self.is_aborted = True

    def is_closing(self) -> bool:
        return self.is_closed

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


class Handle:
    def __init__(self, cancel: Callable[[], None]) -> None:
        self.cancel = cancel


class Clock:
    """A loop in which time goes on when it is told to, and nothing else happens."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.later: list[tuple[float, Callable[[], None]]] = []
        self.asked: list[Any] = []

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, call: Callable[[], None]) -> Handle:
        pair = (self.now + seconds, call)
        self.later.append(pair)
        return Handle(lambda: self.later.remove(pair) if pair in self.later else None)

    def create_task(self, work: Any) -> asyncio.Future[None]:  # noqa: ANN401
        self.asked.append(work.cr_frame.f_locals["self"].scope)
        work.close()
        return asyncio.Future(loop=asyncio.new_event_loop())

    def goes_on(self, seconds: float) -> None:
        until = self.now + seconds
        while due := [pair for pair in self.later if pair[0] <= until]:
            pair = min(due, key=lambda pair: pair[0])
            self.later.remove(pair)
            self.now = pair[0]
            pair[1]()
        self.now = until


class Site:
    kept: Ready | None = KEPT

    async def __call__(self, scope: object, receive: object, send: object) -> None: ...

    def at_once(self, environ: dict[str, Any]) -> Ready | None:
        return self.kept if environ["PATH_INFO"] == "/en/" else None


class Connection:
    def __init__(self, site: Site | None = None, state: ServerState | None = None) -> None:
        config = Config(
            site or Site(),
            ws="none",
            lifespan="off",
            log_config=None,
            timeout_keep_alive=KEEP_ALIVE,
        )
        config.load()
        config.loaded_app = site or Site()
        self.clock, self.transport = Clock(), Transport()
        self.protocol = Protocol(config, state or ServerState(), {}, self.clock)  # type: ignore[arg-type]
        self.protocol.connection_made(self.transport)

    def sends(self, data: bytes) -> bytes:
        before = len(self.transport.written)
        if not self.transport.is_closed:
            self.protocol.data_received(data)
        return self.transport.written[before:]


@pytest.mark.parametrize("more", [b"", b"Cookie: \r\n", b"X-Forwarded-For: 1.1.1.1\r\n"])
def test_what_is_kept_is_answered_again_and_again(more: bytes) -> None:
    connection = Connection()
    for _time in range(3):
        assert connection.sends(HEAD + more + b"\r\n").startswith(b"HTTP/1.1 200 OK\r\n")
    assert connection.transport.written.endswith(b"content-length: 4\r\n\r\nkept")
    assert not connection.clock.asked
    assert not connection.transport.is_closed


def test_whoever_asks_for_the_last_time_is_told_so() -> None:
    connection = Connection()
    assert b"connection: close\r\n" in connection.sends(HEAD + b"Connection: close\r\n\r\n")
    assert connection.transport.is_closed


@pytest.mark.parametrize(
    "request_head",
    [
        HEAD + b"\r\nGET /en/ HTTP/1.1\r\nHost: a.example\r\n\r\n",
        HEAD + b"Range: bytes=0-1\r\n\r\n",
        HEAD + b"host: b.example\r\n\r\n",
        HEAD + b"Content-Length: 0\r\n\r\n",
        HEAD + b"Expect: 100-continue\r\n\r\n",
        HEAD + b"X_Forwarded_For: 1.1.1.1\r\n\r\n",
        HEAD.replace(b"/en/", b"/other/") + b"\r\n",
        HEAD.replace(b"/en/", b"/%65n/") + b"\r\n",
        HEAD.replace(b"GET", b"HEAD") + b"\r\n",
        HEAD.replace(b"1.1", b"1.0") + b"\r\n",
    ],
)
def test_all_else_is_read_with_care(request_head: bytes) -> None:
    connection = Connection()
    assert connection.sends(request_head) == b""
    assert connection.clock.asked


def test_a_head_in_pieces_is_read_with_care_and_the_next_one_waits_for_its_answer() -> None:
    connection = Connection()
    assert connection.sends(HEAD) == b""
    assert connection.sends(b"\r\n") == b""
    assert len(connection.clock.asked) == 1
    # A quick answer would be taken for the slow one's.
    assert connection.sends(HEAD + b"\r\n") == b""


def test_whoever_reads_nothing_is_not_written_to_without_end() -> None:
    connection = Connection()
    connection.protocol.pause_writing()
    assert connection.sends(HEAD + b"\r\n") == b""


names = st.sampled_from(
    [
        b"Host",
        b"HOST",
        b"Cookie",
        b"cookie",
        b"Accept-Encoding",
        b"X-Forwarded-Proto",
        b"If-None-Match",
    ]
    + [
        b"Connection",
        b"Authorization",
        b"Range",
        b"Content-Length",
        b"Transfer-Encoding",
        b"X_A",
        b"X A",
    ]
)
values = st.one_of(
    st.sampled_from(
        [b"a.example", b"br, gzip", b"a=b; c=d", b'"x"', b"*", b"", b" a", b"a ", b"0", b"chunked"]
    ),
    st.binary(max_size=6),
)
lines = st.builds(
    lambda name, colon, value, end: name + colon + value + end,
    names,
    st.sampled_from([b": ", b":", b" : ", b":\t"]),
    values,
    st.sampled_from([b"\r\n", b"\n", b"\r\n ", b"\r"]),
)
plain = st.builds(lambda name, value: name + b": " + value + b"\r\n", names, values)
targets = st.one_of(
    st.sampled_from(
        [b"/en/", b"/en/?a=b", b"/en/?", b"//en/", b"/en/#a", b"/%D1%97/", b"*", b"http://b/en/"]
    ),
    st.binary(min_size=1, max_size=6).map(lambda rest: b"/" + rest),
)
heads = st.builds(
    lambda target, version, several, end: b"GET " + target + version + b"".join(several) + end,
    targets,
    st.sampled_from(
        [b" HTTP/1.1\r\n", b" HTTP/1.1\n", b" HTTP/1.0\r\n", b"  HTTP/1.1\r\n", b"\r\n"]
    ),
    st.one_of(st.lists(plain, max_size=4), st.lists(lines, max_size=4)),
    st.sampled_from([b"\r\n", b"\r\n", b"\n", b"\r\n\r\n", b"\r\nGET"]),
)


@given(heads)
@settings(max_examples=1500, deadline=None)
def test_what_is_read_quickly_reads_the_same_with_care(head: bytes) -> None:
    quick = simple(head)
    if quick is None:
        return
    connection = Connection()
    connection.protocol.site.at_once = lambda environ: None  # type: ignore[method-assign]
    connection.sends(head)
    assert connection.transport.written == b""
    (scope,) = connection.clock.asked
    careful = environ_of(scope)
    assert {name: careful.get(name) for name in quick} == quick
    assert not NOT_SIMPLE & careful.keys()
    assert {name for name in careful if name.startswith("HTTP_")} <= quick.keys()
    assert not connection.protocol.is_in_message


def test_a_head_that_never_ends_is_not_waited_for() -> None:
    connection = Connection()
    connection.sends(b"GET / HTTP/1.1\r\nX-Slow: ")
    for _second in range(int(HEAD_WITHIN) - 1):
        connection.clock.goes_on(1)
        connection.sends(b"x")
    assert not connection.transport.is_closed
    connection.clock.goes_on(1 + LOOKS_EVERY)
    assert connection.transport.is_closed
    assert connection.transport.written.startswith(b"HTTP/1.1 408 ")


def test_a_head_without_a_line_has_a_bound_too() -> None:
    connection = Connection()
    connection.sends(b"GET / HTTP/1.1\r\nX-Long: ")
    for _part in range(LONGEST_HEAD // 1000 + 1):
        connection.sends(b"x" * 1000)
    assert connection.transport.written.startswith(b"HTTP/1.1 431 ")
    assert connection.transport.is_closed


def test_a_connection_waits_for_its_next_request_for_a_while() -> None:
    connection = Connection()
    for _time in range(3):
        connection.sends(HEAD + b"\r\n")
        connection.clock.goes_on(KEEP_ALIVE - 1)
        assert not connection.transport.is_closed
    connection.clock.goes_on(1 + LOOKS_EVERY)
    assert connection.transport.is_closed


def test_what_is_left_of_a_body_after_its_answer_is_not_waited_for() -> None:
    connection = Connection()
    connection.sends(HEAD.replace(b"/en/", b"/other/") + b"Content-Length: 1000\r\n\r\n")
    connection.protocol.cycle.response_complete = True
    connection.protocol.on_response_complete()
    for _part in range(int(KEEP_ALIVE / LOOKS_EVERY) + 2):
        connection.clock.goes_on(LOOKS_EVERY)
        connection.sends(b"x")
    assert connection.transport.is_closed


def test_whoever_takes_nothing_of_an_answer_is_left() -> None:
    connection = Connection()
    connection.sends(HEAD + b"\r\n")
    for left in (3000, 2000):
        connection.transport.unsent = left
        connection.clock.goes_on(TAKEN_WITHIN)
        assert not connection.transport.is_aborted
    connection.clock.goes_on(2 * LOOKS_EVERY)
    assert connection.transport.is_aborted


@pytest.mark.parametrize("path", [b"/en/", b"/other/"])
def test_whoever_has_just_come_when_the_server_ends_may_ask_once(path: bytes) -> None:
    connection = Connection()
    connection.protocol.shutdown()
    assert not connection.transport.is_closed
    connection.sends(HEAD.replace(b"/en/", path) + b"\r\n")
    cycle: Any = connection.protocol.cycle
    assert connection.transport.is_closed if cycle is None else not cycle.keep_alive
    silent, earlier = Connection(), Connection()
    earlier.sends(HEAD + b"\r\n")
    for each in (silent, earlier):
        each.protocol.shutdown()
    assert earlier.transport.is_closed
    assert not silent.transport.is_closed
    silent.clock.goes_on(ASKS_WITHIN)
    assert silent.transport.is_closed


def test_there_is_a_bound_to_connections() -> None:
    state = ServerState()
    state.connections |= {object() for _one in range(CONNECTIONS)}  # type: ignore[misc]
    assert Connection(state=state).transport.is_aborted
