"""A request as Django reads it (PEP 3333), made of what the server tells of it."""

import re
import sys
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from uvicorn._types import HTTPScope

Environ = dict[str, Any]
# Of which two would be two sites, two lengths, or two people.
SINGLE = {b"host", b"content-length", b"content-type", b"authorization"}
# What the gateway tells by names of its own.
BARE = {b"content-length": "CONTENT_LENGTH", b"content-type": "CONTENT_TYPE"}
# A head as browsers and proxies write one, and its lines.
SIMPLE = re.compile(
    rb"GET (/[!-\"$&-~]*) HTTP/1\.1\r\n"
    rb"((?:[A-Za-z0-9-]+: (?:[!-~\x80-\xff][^\x00-\x08\n-\x1f\x7f]*)?\r\n)+)\r\n"
)
LINE = re.compile(rb"([^:]+): ([^\r]*)\r\n")
# Which say that something follows, or that the connection is for something else.
NOT_SIMPLE = {
    "CONTENT_LENGTH",
    "CONTENT_TYPE",
    "HTTP_EXPECT",
    "HTTP_RANGE",
    "HTTP_TE",
    "HTTP_TRAILER",
    "HTTP_TRANSFER_ENCODING",
    "HTTP_UPGRADE",
}
MOST_KNOWN = 1000


class BadHeadError(ValueError):
    """A request that two readers would understand in two ways."""


class Keys(dict[bytes, str]):
    """By the name of a header, as it is spelled: visitors send few different ones."""

    def __missing__(self, name: bytes) -> str:
        lower = name.lower()
        key = BARE.get(lower) or "HTTP_" + lower.decode("latin-1").upper().replace("-", "_")
        if len(self) < MOST_KNOWN:
            self[name] = key
        return key


KEYS = Keys()


def simple(head: bytes) -> Environ | None:
    """What is needed to answer from memory; None for a request that is to be read with more care.

    That is any but a whole GET as browsers write it: nothing is told twice, and nothing follows.
    """
    found = SIMPLE.fullmatch(head)
    if found is None:
        return None
    target, block = found.groups()
    lines = LINE.findall(block)
    environ: Environ = {KEYS[name]: value.decode("latin-1") for name, value in lines}
    if len(environ) != len(lines) or not NOT_SIMPLE.isdisjoint(environ):
        return None
    path, _mark, query = target.decode("ascii").partition("?")
    environ["REQUEST_METHOD"], environ["PATH_INFO"] = "GET", path
    environ["QUERY_STRING"], environ["wsgi.url_scheme"] = query, "http"
    return environ


def environ_of(scope: HTTPScope) -> Environ:
    """All but its body.

    A name with an underscore is left out: in an environment it would look like one with a hyphen,
    which a proxy may have written, and which is believed.

    Raises: BadHeadError.
    """
    server, client = scope["server"] or ("", None), scope["client"] or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # As bytes, which Python's gateways carry in the letters of Latin-1.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or ""),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" not in name:
            add(environ, name, value.decode("latin-1"))
    return environ


def add(environ: Environ, name: bytes, value: str) -> None:
    key = KEYS[name]
    if key in environ:
        if name in SINGLE:
            raise BadHeadError(name)
        joint = "; " if name == b"cookie" else ","
        value = f"{environ[key]}{joint}{value}"
    environ[key] = value


def with_body(environ: Environ, body: BinaryIO, length: int) -> Environ:
    """However it was sent, it is all there now."""
    if length or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["wsgi.input"] = body
    return environ
