"""The production server itself, before a site that tells what it was asked."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cms.gateway import MOST_BYTES, MOST_BYTES_OF_VISITORS, MOST_WAITING, THREADS
from cms.protocol import LONGEST_HEAD
from tests.cms.echoing import PART, PARTS

ROOT = Path(__file__).resolve().parent.parent.parent
SERVE = "from cms import serve; serve.serve('tests.cms.echoing:site')"
HOST = "Host: petitions.example\r\n"
SECRET = "of-the-process-alone"

pytestmark = pytest.mark.any_database


class Answer(NamedTuple):
    status: int
    head: str
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(log: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "WEB_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        "DATABASE_URL": "",
        "SECRET_OF_THE_PROCESS": SECRET,
    }
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        wait_for(port)
        try:
            yield port, process
        finally:
            process.terminate()
            process.wait(30)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if get(port).status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with serving(tmp_path_factory.mktemp("server") / "log") as (port, _process):
        yield port


def ask(port: int, request: str | bytes, seconds: float = 20) -> Answer:
    raw = request.encode() if isinstance(request, str) else request
    said = b""
    connection = socket.create_connection(("127.0.0.1", port), seconds)
    # What is refused is not read to its end.
    with connection, contextlib.suppress(OSError):
        connection.sendall(raw)
        while part := connection.recv(65536):
            said += part
    head, _blank, body = said.partition(b"\r\n\r\n")
    return Answer(int(head[9:12] or 0), head.decode("latin-1").lower(), body)


def get(port: int, path: str = "/", headers: str = "", method: str = "GET") -> Answer:
    return ask(port, f"{method} {path} HTTP/1.1\r\n{HOST}Connection: close\r\n{headers}\r\n")


def post(port: int, path: str, body: bytes, headers: str = "") -> Answer:
    length = f"Content-Length: {len(body)}\r\n" if "Transfer-Encoding" not in headers else ""
    head = f"POST {path} HTTP/1.1\r\n{HOST}Connection: close\r\n{length}{headers}\r\n"
    return ask(port, head.encode() + body)


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"])
@pytest.mark.parametrize("is_first", [True, False])
def test_no_name_with_an_underscore_passes_for_what_a_proxy_wrote(
    port: int, name: str, is_first: bool
) -> None:
    lines = [f"{name.replace('-', '_')}: forged\r\n", f"{name}: told\r\n"]
    told = get(port, headers="".join(lines if is_first else reversed(lines))).told
    assert told["HTTP_" + name.upper().replace("-", "_")] == "told"
    assert "forged" not in told.values()


def test_what_several_proxies_told_is_told_in_their_order(port: int) -> None:
    told = get(port, headers="X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\n").told
    assert told["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert told["REMOTE_ADDR"] == "127.0.0.1"


@pytest.mark.parametrize(
    "twice", ["Host: evil.example", "Content-Length: 7", "Authorization: a", "Content-Type: a/b"]
)
def test_what_may_be_told_once_is_refused_twice(port: int, twice: str) -> None:
    headers = f"Authorization: b\r\nContent-Type: c/d\r\n{twice}\r\n"
    assert post(port, "/", b"12345", headers).status == 400


@pytest.mark.parametrize(
    "request_line",
    [
        "GET / HTTP/9.9",
        "G{T / HTTP/1.1",
        "/",
        "GET /\x00 HTTP/1.1",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2",
    ],
)
def test_nonsense_is_refused(port: int, request_line: str) -> None:
    assert ask(port, f"{request_line}\r\n{HOST}\r\n").status == 400


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: +5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "X-Name : value\r\n",
        "X-Name: a\r\n b\r\n",
    ],
)
def test_a_body_whose_end_is_in_doubt_is_refused(port: int, headers: str) -> None:
    assert ask(port, f"POST / HTTP/1.1\r\n{HOST}{headers}\r\n12345").status == 400


def test_no_header_says_where_the_site_is(port: int) -> None:
    told = get(port, "/en/%D1%97?a=%20", "Script-Name: /en\r\nPath-Info: /admin/\r\n").told
    assert (told["SCRIPT_NAME"], told["QUERY_STRING"]) == ("", "a=%20")
    assert told["PATH_INFO"].encode("latin-1").decode() == "/en/ї"
    assert get(port, "http://evil.example/p").told["HTTP_HOST"] == "petitions.example"


def test_nothing_of_the_process_is_told_with_a_request(port: int) -> None:
    assert SECRET not in get(port).told.values()


def test_a_head_has_a_bound(port: int) -> None:
    assert get(port, "/" + "x" * (LONGEST_HEAD // 2)).status == 200
    for path, headers in (
        ("/" + "x" * LONGEST_HEAD, ""),
        ("/", f"X-Long: {'x' * LONGEST_HEAD}\r\n"),
        ("/", "".join(f"X-{number}: x\r\n" for number in range(150))),
    ):
        assert get(port, path, headers).status in (414, 431)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/admin/upload/", MOST_BYTES),
        ("/en/deliveries/code/check/", MOST_BYTES),
        ("/en/deliveries/", MOST_BYTES_OF_VISITORS),
        ("/", MOST_BYTES_OF_VISITORS),
    ],
)
def test_a_body_has_a_bound_however_it_is_sent(port: int, path: str, most: int) -> None:
    assert post(port, path, b"x" * most).told["body"] == most
    chunks = b"%x\r\n%s\r\n" % (len(PART), PART)
    chunked = "Transfer-Encoding: chunked\r\n"
    told = post(port, path, chunks * 3 + b"0\r\n\r\n", chunked).told
    assert (told["body"], told["CONTENT_LENGTH"]) == (3 * len(PART), str(3 * len(PART)))
    too_many = most // len(PART) + 2
    assert post(port, path, chunks * too_many + b"0\r\n\r\n", chunked).status == 413
    head = f"POST {path} HTTP/1.1\r\n{HOST}Content-Length: {most + 1}\r\n\r\n"
    assert ask(port, head).status == 413


def test_a_large_answer_arrives_in_parts_and_whole(port: int) -> None:
    answer = get(port, "/parts")
    assert "transfer-encoding: chunked" in answer.head
    assert answer.body.count(b"x") == len(PART) * PARTS


def test_what_is_cut_off_does_not_look_whole(port: int) -> None:
    """Nothing says that an answer in parts is over but its last part, of no length."""
    said = b""
    connection = socket.create_connection(("127.0.0.1", port), 3)
    with connection, contextlib.suppress(TimeoutError):
        connection.sendall(f"GET /cut HTTP/1.1\r\n{HOST}\r\n".encode())
        while part := connection.recv(65536):
            said += part
    assert said.count(b"x") >= len(PART) * PARTS // 2
    assert not said.endswith(b"0\r\n\r\n")
    assert get(port).status == 200


def test_head_has_no_body(port: int) -> None:
    answer = get(port, method="HEAD")
    assert answer.body == b""
    assert "content-length: 0" not in answer.head


def test_past_capacity_signers_are_told_at_once_and_readers_do_not_notice(port: int) -> None:
    places, more = THREADS + MOST_WAITING, 20
    with ThreadPoolExecutor(places + more) as crowd:
        began = time.monotonic()
        signers = [crowd.submit(timed, port, "/slow") for _ in range(places)]
        time.sleep(0.3)
        shed = [crowd.submit(timed, port, "/uk/petitions/x/sign/") for _ in range(more)]
        refused = [each.result() for each in shed]
        reading = time.monotonic()
        assert get(port).status == 200
        read_in = time.monotonic() - reading
        waited = [each.result() for each in signers]
    for answer, _seconds in refused:
        assert answer.status == 503
        assert "retry-after: 30" in answer.head
        # In the language of the form.
        assert answer.body == b"/uk/"
    assert {answer.status for answer, _seconds in waited} == {200}
    took = time.monotonic() - began
    assert max(seconds for _answer, seconds in refused) < took / 4
    assert read_in < took / 4
    assert post(port, "/", b"").status == 200


def test_readers_are_never_turned_away(port: int) -> None:
    number = THREADS + MOST_WAITING + 20
    with ThreadPoolExecutor(number) as crowd:
        readers = [crowd.submit(get, port, "/brief") for _ in range(number)]
        assert {each.result().status for each in readers} == {200}


def timed(port: int, path: str) -> tuple[Answer, float]:
    began = time.monotonic()
    return post(port, path, b"x=1"), time.monotonic() - began


@pytest.mark.parametrize(
    "begun", ["GET / HTTP/1.1\r\nX-Slow: ", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"]
)
def test_a_thousand_who_send_slowly_shut_nobody_out(port: int, begun: str) -> None:
    with contextlib.ExitStack() as open_ones:
        for _number in range(1000):
            slow = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), 20))
            slow.sendall(begun.replace("\r\n", f"\r\n{HOST}", 1).encode())
        for _question in range(5):
            began = time.monotonic()
            assert get(port).status == post(port, "/", b"x=1").status == 200
            assert time.monotonic() - began < 5


def test_what_was_begun_is_answered_before_the_server_ends(tmp_path: Path) -> None:
    with serving(tmp_path / "log") as (port, process), ThreadPoolExecutor() as one:
        slow = one.submit(post, port, "/slow", b"")
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert slow.result().status == 200
        assert process.wait(20) == 0
        with pytest.raises(ConnectionRefusedError):
            get(port)


def test_a_process_that_stands_still_is_followed_by_another(tmp_path: Path) -> None:
    with serving(tmp_path / "log") as (port, _process):
        threading.Thread(target=get, args=(port, "/stuck"), daemon=True).start()
        time.sleep(1)
        wait_for(port)
    assert "Timeout (0:00:03)!" in (tmp_path / "log").read_text()


def test_a_process_that_has_grown_is_followed_by_another(tmp_path: Path) -> None:
    with serving(tmp_path / "log") as (port, _process):
        before = get(port, "/grow").told["pid"]
        deadline = time.monotonic() + 20
        while (answer := get(port)).told["pid"] == before:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        # Nobody was turned away meanwhile.
        assert answer.status == 200
