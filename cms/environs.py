"""A request as Django reads it (PEP 3333), made of what granian tells of it."""

import sys
from typing import Any, BinaryIO
from urllib.parse import quote

from granian.rsgi import Scope

Environ = dict[str, Any]
# Of which two would be two sites, two lengths, or two people.
SINGLE = {"host", "content-length", "content-type", "authorization"}
# What the gateway tells by names of its own.
BARE = {"content-length": "CONTENT_LENGTH", "content-type": "CONTENT_TYPE"}


class BadHeadError(ValueError):
    """A request that two readers would understand in two ways."""


def environ_of(scope: Scope) -> Environ:
    """All but its body.

    A name with an underscore is left out: in an environment it would look like one with a hyphen,
    which a proxy may have written, and which is believed.

    Raises: BadHeadError.
    """
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # As bytes of UTF-8, which Python's gateways carry in the letters of Latin-1.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": ascii_query(scope.query_string),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ["SERVER_NAME"], _colon, environ["SERVER_PORT"] = scope.server.rpartition(":")
    environ["REMOTE_ADDR"] = scope.client.rpartition(":")[0].strip("[]")
    for name, value in scope.headers.items():
        if "_" not in name:
            add(environ, name, value)
    return environ


def add(environ: Environ, name: str, value: str) -> None:
    key = BARE.get(name) or "HTTP_" + name.upper().replace("-", "_")
    if key in environ:
        if name in SINGLE:
            raise BadHeadError(name)
        joint = "; " if name == "cookie" else ","
        value = f"{environ[key]}{joint}{value}"
    environ[key] = value


def ascii_query(query: str) -> str:
    return query if query.isascii() else quote(query, safe="%/:?#[]@!$&'()*+,;=~")


def with_body(environ: Environ, body: BinaryIO, length: int) -> Environ:
    """However it was sent, it is all there now."""
    if length or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["wsgi.input"] = body
    return environ
