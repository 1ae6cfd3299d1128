"""What the server asks in its tests: a site that tells what it was asked, without a database."""

import ctypes
import json
import os
import time
from collections.abc import Iterable, Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
django.setup()

from cms import watchdog  # noqa: E402
from cms.busy import BUSY  # noqa: E402
from cms.gateway import Site  # noqa: E402

watchdog.SECONDS = 3.0
watchdog.LARGEST = 400 * 2**20
grown: list[bytes] = []
PART = b"x" * 2**16
PARTS = 64


def cut() -> Iterator[bytes]:
    for _part in range(PARTS // 2):
        yield PART
    raise RuntimeError("A database that goes away")


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
    if BUSY in environ:
        start_response("503 Service Unavailable", [("Retry-After", "30")])
        return [environ["PATH_INFO"].encode()]
    match environ["PATH_INFO"]:
        case "/slow":
            time.sleep(1)
        case "/brief":
            time.sleep(0.05)
        case "/stuck":
            # It keeps Python's lock, so that nothing else of the process goes on.
            ctypes.PyDLL(None).sleep(60)
        case "/grow":
            grown.append(b"x" * watchdog.LARGEST)
        case "/parts":
            start_response("200 OK", [])
            return iter([PART] * PARTS)
        case "/cut":
            start_response("200 OK", [])
            return cut()
    told = {name: value for name, value in environ.items() if isinstance(value, str)}
    body = json.dumps(
        {**told, "body": len(environ["wsgi.input"].read()), "pid": os.getpid()}
    ).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


site = Site(application)
