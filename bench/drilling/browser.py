"""Somebody with cookies, who asks the proxy or, past it, whichever web they are told to."""

import http.client
import secrets
import socket
import ssl
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HOST = "petitions.example"
CSRF = "__Host-csrf"
BOUNDARY = "a-boundary-of-the-drill"
# A name, its type and its content.
File = tuple[str, str, bytes]


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Door:
    """Where a web or the proxy listens."""

    host: str
    port: int
    is_tls: bool = False

    def connect(self, seconds: float) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=seconds)
        if self.is_tls:
            connection.connect()
            context = ssl._create_unverified_context()
            plain: socket.socket = connection.sock
            connection.sock = context.wrap_socket(plain, server_hostname=HOST)
        return connection


@dataclass
class Browser:
    cookies: dict[str, str] = field(default_factory=dict)
    # From a network of its own each time, unless it is told one.
    address: str = ""

    def ask(
        self,
        door: Door,
        path: str,
        form: dict[str, str] | None = None,
        *,
        files: dict[str, File] | None = None,
        method: str = "",
        seconds: float = 60,
    ) -> Answer:
        """Status 0: nobody answered, or not to the end."""
        kind, body = content_of(form, files)
        method = method or ("GET" if body is None else "POST")
        headers = self.headers(path) | ({"Content-Type": kind} if kind else {})
        started = time.perf_counter()
        connection = None
        try:
            connection = door.connect(seconds)
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            return Answer(0, time.perf_counter() - started)
        finally:
            if connection:
                connection.close()
        self.keep(response.headers.get_all("Set-Cookie") or [])
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, time.perf_counter() - started, content, found)

    def headers(self, path: str) -> dict[str, str]:
        """As the proxy tells them."""
        anybody = ".".join(str(1 + secrets.randbelow(220)) for _ in range(4))
        told = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address or anybody,
            "Sec-Fetch-Site": "same-origin",
            "Referer": f"https://{HOST}{path}",
        }
        if CSRF in self.cookies:
            told["X-CSRFToken"] = self.cookies[CSRF]
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={it}" for name, it in self.cookies.items())
        return told

    def keep(self, told: list[str]) -> None:
        for each in told:
            for name, morsel in SimpleCookie(each).items():
                self.cookies[name] = morsel.value

    def send(
        self,
        door: Door,
        path: str,
        changes: dict[str, str] | None = None,
        files: dict[str, File] | None = None,
    ) -> Answer:
        """Posts the page's form as it stands, but for some fields."""
        page = self.ask(door, path)
        if page.status != 200:
            raise RuntimeError(f"{path}: {page.status} {page.headers.get('location', '')}")
        fields = Fields()
        fields.feed(page.body.decode())
        return self.ask(door, path, fields.found | (changes or {}), files=files)

    def log_in(self, door: Door, name: str, password: str) -> None:
        answer = self.send(door, "/admin/login/", {"username": name, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"not logged in: {answer.status}")


class Fields(HTMLParser):
    """What a form would send as it stands: of several forms, of all of them together."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        name, kind = said.get("name"), said.get("type", "text")
        is_sent = kind not in ("checkbox", "radio") or "checked" in said
        if tag == "input" and name and kind not in ("submit", "file") and is_sent:
            self.found[name] = said.get("value") or ""


def content_of(
    form: dict[str, str] | None, files: dict[str, File] | None
) -> tuple[str, bytes | None]:
    if files is not None:
        return f"multipart/form-data; boundary={BOUNDARY}", multipart(form or {}, files)
    if form is not None:
        return "application/x-www-form-urlencoded", urlencode(form).encode()
    return "", None


def multipart(form: dict[str, str], files: dict[str, File]) -> bytes:
    parts = []
    for name, value in form.items():
        head = f'Content-Disposition: form-data; name="{name}"'
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n".encode())
    for name, (filename, kind, content) in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"'
        head = f"--{BOUNDARY}\r\n{head}\r\nContent-Type: {kind}\r\n\r\n"
        parts.append(head.encode() + content + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
