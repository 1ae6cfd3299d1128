"""Nothing that opens a page for its holder stands in a log line, whatever fails."""

import logging
import re
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern
from hypothesis import given
from hypothesis import strategies as st

from security import log_lines
from tests.support.kinds import CityPages
from tests.support.production import PRODUCTION

ROOT = Path(__file__).resolve().parent.parent.parent
# A word, which only its place in an address gives away, and a key, which its looks do.
WORD = "Nightingale"
KEY = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJ7f3A"
ADDRESS = "203.0.113.7"
QUESTION = "Searchword"
THINGS = {"int": "7", "uuid": "3f2b9c1d-0000-4000-8000-123456789012"}
FAULTS = (
    "",
    "middleware",
    "view",
    "chained",
    "database",
    "missing",
    "denied",
    "suspicious",
    "template",
)


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """All addresses as they are declared, but for those that regular expressions tell."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = "en/" if isinstance(entry.pattern, LocalePrefixPattern) else str(entry.pattern)
        pattern = pattern.removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + pattern)
        elif isinstance(entry, URLPattern) and not isinstance(entry.pattern, RegexPattern):
            yield prefix + pattern


def filled(route: str, secret: str) -> str:
    """The address with a thing's number where it names one, and the secret elsewhere."""

    def value(match: re.Match[str]) -> str:
        kind, _colon, name = match[1].rpartition(":")
        is_id = re.search(r"(^|_)(pk|id)(_[a-z])?$", name)
        return THINGS.get(kind) or ("7" if is_id else secret)

    return "/" + re.sub(r"<([^>]+)>", value, route)


def secret_addresses(secret: str) -> list[str]:
    """On a real site, which has no pages for development."""
    found = {filled(route, secret) for route in routes() if not route.startswith("dev/")}
    return sorted(address for address in found if secret in address)


def test_the_addresses_with_secrets_are_found() -> None:
    found = secret_addresses(WORD)
    assert f"/en/signatures/{WORD}/confirm/" in found
    assert f"/en/petitions/{THINGS['uuid']}/check/{WORD}/" in found
    assert f"/admin/password_reset/confirm/{WORD}/{WORD}/" in found


class Listener(logging.Handler):
    """A handler of somebody else's, with a formatter of its own."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [self.format(record), str(vars(record))]


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener, logger = Listener(), logging.getLogger("somebody.else")
    logger.addHandler(listener)
    logger.setLevel(logging.DEBUG)
    yield listener
    logger.removeHandler(listener)


def shapes(address: str) -> list[str]:
    """How an address comes to stand in a line."""
    return [
        f"Service Unavailable: {address}",
        f"<WSGIRequest: POST '{address}?x={QUESTION}'>",
        f"{{'path': '{address[1:]}', 'tried': []}}",
        f'"GET {address} HTTP/1.1" 500 12 "https://site.example{address}?{QUESTION}"',
        f"http://localhost:8000{address}nothing/here",
        address.rstrip("/"),
        f"next=/admin/{address}",
        f"{address},{address};({address})",
    ]


@pytest.mark.parametrize("secret", [WORD, KEY])
def test_a_line_of_any_logger_and_handler_keeps_no_secret(listener: Listener, secret: str) -> None:
    logger = logging.getLogger("somebody.else")
    for address in secret_addresses(secret):
        for text in shapes(address):
            logger.error(text)
            logger.error("It said %s", text)
            logger.error("It said %(text)r", {"text": text}, stack_info=True)
            logger.error("Wrong arguments %d", text)
            try:
                raise RuntimeError(text)
            except RuntimeError:
                logger.exception("An error")
    said = "\n".join(listener.lines)
    assert "RuntimeError" in said
    assert "test_log_lines.py" in said
    assert [line for line in said.splitlines() if secret in line or QUESTION in line][:5] == []


@given(st.binary(min_size=16, max_size=64), st.sampled_from(["hex", "base64", "hex capitals"]))
def test_a_key_is_known_by_its_looks(secret: bytes, kind: str) -> None:
    import base64

    text = {
        "hex": secret.hex(),
        "hex capitals": secret.hex().upper(),
        "base64": base64.urlsafe_b64encode(secret).decode().rstrip("="),
    }[kind]
    if re.fullmatch(r"(\D{2,}|\d+)", text) and len(set(text)) < 6:
        return
    assert text not in log_lines.clean(f"the key {text} of it")


@pytest.mark.parametrize(
    "line",
    [
        "The database does not answer (OperationalError).",
        "Job 3f2b9c1d-0000-4000-8000-123456789012 failed for good (SMTPRecipientsRefused).",
        "The chore test_that_has_a_rather_long_name_of_its_own failed (ValueError).",
        "The page 12 is not translated and was not published.",
        "django.template.exceptions.TemplateDoesNotExist: signatures/own.html",
        "UnavailableDatabaseMiddlewareAndContentSecurityPolicyMiddleware was here",
        "Listening at: http://127.0.0.1:8000 (12)",
        "Applying wagtail_localize.0016_rename_translation_source_index... OK at 12:34:56.789",
        "What is this? It is nothing.",
        "Not Found: /en/end-ties/portland-oregon/",
        "Not Found: /admin/pages/12/edit/",
    ],
)
def test_what_an_operator_needs_stays(line: str) -> None:
    assert log_lines.clean(line) == line


def test_a_traceback_keeps_its_files_and_lines() -> None:
    frames = traceback.extract_stack()
    frame = '  File "/srv/pidpys/signatures/views/own.py", line 12, in own\n'
    assert log_lines.clean(frame) == frame
    text = "".join(traceback.format_list(frames))
    named = [line for line in text.splitlines() if line.startswith("  File ")]
    assert [line for line in log_lines.clean(text).splitlines() if line in named] == named


@pytest.mark.parametrize(
    "who",
    [
        "florence.7@example.org",
        "флоренс@приклад.укр",
        ADDRESS,
        "2001:db8::7",
        "[2001:db8:1:2::7]:443",
    ],
)
def test_nobody_is_named(who: str) -> None:
    for text in (f"from {who}", f"({who})", f"DETAIL: Key (x)=({who}) exists", f"'{who}': 550"):
        cleaned = log_lines.clean(text)
        assert who not in cleaned
        assert "2001" not in cleaned


@pytest.mark.parametrize(
    "part", ["a", "/signatures/", "1.1.1.", "a:", "A1", "a@", "aa.", "/?", "%"]
)
def test_a_huge_line_is_read_quickly_and_kept_short(part: str) -> None:
    started = time.process_time()
    assert len(log_lines.clean(part * (1_000_000 // len(part)))) <= log_lines.LONGEST_LINE * 3
    assert time.process_time() - started < 1


def test_no_mail_about_an_error_is_made_and_no_handler_stands_beside_ours() -> None:
    from django.utils.log import AdminEmailHandler

    assert site_settings.ADMINS == []
    named = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    for logger in named:
        assert not any(isinstance(each, AdminEmailHandler) for each in logger.handlers)
    assert logging.getLogger("django.server").handlers == []


def test_an_error_that_ends_a_command_is_told_without_secrets(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command"]
        + [f"raise RuntimeError('/en/signatures/{WORD}/ {KEY}')"],
        cwd=ROOT,
        env={**PRODUCTION, "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "RuntimeError: /en/signatures/<token>/" in ended.stderr
    assert WORD not in ended.stderr.split("RuntimeError:")[-1]
    assert KEY not in ended.stderr


def test_what_is_not_there_or_not_allowed_is_logged_without_secrets(
    portland: CityPages, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("django", "django.request", "django.security"):
        caplog.set_level(logging.DEBUG, logger=name)
    client = Client(raise_request_exception=False)
    for address in secret_addresses(WORD):
        client.get(f"{address}?a={QUESTION}")
        client.post(f"{address}nothing/here/", {"a": QUESTION})
    client.post(f"/en/signatures/{WORD}/confirm/", headers={"origin": "https://else.example"})
    client.get(f"/en/signatures/{WORD}/", headers={"host": f"{QUESTION}.example"})
    assert "Not Found: /en/signatures/<token>/" in caplog.text
    assert "Forbidden" in caplog.text
    assert "Invalid HTTP_HOST" in caplog.text
    assert WORD not in caplog.text


# With every line that the server itself can write, and less patience.
SERVE = """
from cms import serve, watchdog
watchdog.SECONDS = 4.0
serve.Worker.CONFIG_KWARGS["access_log"] = True
serve.main(loglevel="debug", accesslog="-")
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The production server, without a database, with every log there is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"postgres://user:{KEY}@127.0.0.1:{closed.getsockname()[1]}/none"
        log = tmp_path / "log"
        environment = {
            **PRODUCTION,
            "DJANGO_SETTINGS_MODULE": "tests.security.faulty_settings",
            "PYTHONPATH": str(ROOT),
            "TRUSTED_PROXIES": "1",
            "DATABASE_URL": nowhere,
            "PORT": str(port),
            "WEB_WORKERS": "1",
        }
        command = [sys.executable, "-c", SERVE]
        with log.open("w") as out:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
            wait_for(port, process)
            yield port, log
            process.terminate()
            process.wait(30)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def ask(port: int, request: str, **headers: str) -> bytes:
    head = {
        "Host": "petitions.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": ADDRESS,
        "Connection": "close",
        "Referer": f"https://petitions.example/en/signatures/{WORD}/",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [request, *(f"{name}: {value}" for name, value in head.items() if value), "", ""]
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall("\r\n".join(lines).encode())
        try:
            return connection.recv(20)
        except ConnectionError:
            return b""


def test_the_production_server_logs_no_secret_whatever_fails(server: tuple[int, Path]) -> None:
    port, log = server
    statuses = set()
    # Every address fails in one way, and some in every way: how a line tells an address does not
    # depend on which it is, and every line about each of them is tried above.
    asked_for = [(address, "view") for address in secret_addresses(WORD)]
    asked_for += product(
        (f"/en/signatures/{WORD}/", f"/en/signatures/{KEY}/confirm/", f"/admin/{KEY}/"), FAULTS
    )
    for address, fault in asked_for:
        answer = ask(port, f"GET {address}?a={QUESTION} HTTP/1.1", X_Fault=fault)
        statuses.add(answer[9:12])
    asked = f"/en/signatures/{WORD}/"
    broken = [
        (f"GET {asked} HTTP/1.1", {"Host": "somebody.else.example"}),
        (f"GET {asked} HTTP/1.1", {"Host": ""}),
        (f"GET {asked} HTTP/9.9", {}),
        (f"G{{T {asked} HTTP/1.1", {}),
        (f"{asked}", {}),
        (f"GET {asked}{'x' * 9000} HTTP/1.1", {}),
        (f"GET {asked} HTTP/1.1", {"X-Long": "x" * 20_000}),
        (f"GET {asked} HTTP/1.1", {"X Wrong": asked}),
        (f"GET {asked}%00%ff HTTP/1.1", {}),
        (f"POST {asked} HTTP/1.1", {"Content-Length": "99999999999"}),
        (f"POST {asked} HTTP/1.1", {"Content-Length": asked}),
        (f"POST {asked} HTTP/1.1", {"Transfer-Encoding": asked}),
    ]
    for request, headers in broken:
        ask(port, request, **headers)
    # The worker is killed in the middle of it.
    ask(port, f"GET {asked} HTTP/1.1", X_Fault="slow")
    said = log.read_text()
    assert {b"400", b"500", b"503"} <= statuses
    for name in (
        "RuntimeError",
        "KeyError",
        "TemplateDoesNotExist",
    ):
        assert name in said
    assert "The database does not answer." in said
    assert "Internal Server Error: /en/signatures/<token>/" in said
    assert "Timeout (0:00:04)!" in said
    for secret in (WORD, KEY, QUESTION, ADDRESS):
        assert secret not in said, [line for line in said.splitlines() if secret in line][:5]
