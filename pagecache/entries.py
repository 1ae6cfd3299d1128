"""A page as it is kept: its parts, its holes as they were last filled, and its headers."""

import hashlib
import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from pagecache.declaring import Declared
from pagecache.encodings import COMPRESS
from pagecache.holes import Hole
from pagecache.watching import Known

Headers = list[tuple[str, str]]
# What belongs to one form of the answer, or is told anew.
OWN = {"content-length", "etag", "last-modified", "vary", "cache-control", "expires", "date"}


class Form(NamedTuple):
    """An answer as one kind of browser is sent it."""

    etag: str
    # Told of the answer, and of its body alone.
    told: Headers
    of_body: Headers
    body: bytes
    # Both as they are sent: to whom the body is sent, and to whom has it already.
    head: bytes
    head_alone: bytes


class Filled:
    """All holes of a page as they are at one moment."""

    def __init__(self, known: Known, stamps: list[Hashable], texts: list[str], body: bytes) -> None:
        self.known = known
        self.stamps = stamps
        self.texts = texts
        self.digest = hashlib.blake2b(body, digest_size=12).hexdigest()
        self.forms: dict[str, Form] = {}


@dataclass(frozen=True)
class Rendered:
    """What a rendering left to be kept."""

    declared: Declared
    headers: Headers
    # Texts and holes in turns.
    parts: list[str | Hole]


class Entry:
    def __init__(self, known: Known, rendered: Rendered) -> None:
        self.label = known.label
        # As of which version of what pages show it is known to hold.
        self.pages = known.pages
        self.turns = known.turns
        self.declared = rendered.declared
        self.headers = [pair for pair in rendered.headers if pair[0].lower() not in OWN]
        self.parts = rendered.parts
        self.holes = [part for part in rendered.parts if isinstance(part, Hole)]
        self.until = time.monotonic() + (rendered.declared.seconds or LONGEST_SECONDS)
        self.lock = threading.Lock()
        self.filled: Filled | None = None
        # Since it was weighed.
        self.is_heavier = False

    def may_be_shown(self, known: Known) -> bool:
        """While the database is away what is older may be, but nothing that was changed since."""
        if self.label != known.label or self.has_moved(known):
            return False
        return known.is_away or (self.turns == known.turns and time.monotonic() < self.until)

    def has_moved(self, known: Known) -> bool:
        """Whether a record has changed that it shows."""
        if self.pages >= known.pages:
            return False
        records = self.declared.records
        if records is None or any(known.moved.get(each, -1) > self.pages for each in records):
            return True
        self.pages = known.pages
        return False

    def form(self, known: Known, encoding: str) -> Form:
        filled = self.filled
        if filled is None or filled.known is not known or encoding not in filled.forms:
            with self.lock:
                filled = self._fill(known)
                if encoding not in filled.forms:
                    filled.forms[encoding] = self._form(filled, encoding)
        return filled.forms[encoding]

    def ready(self, known: Known, encoding: str) -> Form | None:
        """Only if nothing has to be filled or packed for it."""
        filled = self.filled
        return filled.forms.get(encoding) if filled and filled.known is known else None

    def _fill(self, known: Known) -> Filled:
        before = self.filled
        stamps = [hole.stamp(known) for hole in self.holes]
        if before and before.stamps == stamps:
            before.known = known
            return before
        texts = []
        for number, hole in enumerate(self.holes):
            if before and before.stamps[number] == stamps[number]:
                texts.append(before.texts[number])
                continue
            text = text_of(hole, known)
            if text is None:
                # Nothing, rather than what was perhaps taken back. It is like no other stamp.
                text, stamps[number] = "", object()
            texts.append(text)
        self.filled = Filled(known, stamps, texts, self._body(texts))
        return self.filled

    def _body(self, texts: list[str]) -> bytes:
        fills = iter(texts)
        parts = (part if isinstance(part, str) else next(fills) for part in self.parts)
        return "".join(parts).encode()

    def _form(self, filled: Filled, encoding: str) -> Form:
        body = COMPRESS[encoding](self._body(filled.texts))
        etag = f'"{filled.digest}{"-" * bool(encoding)}{encoding}"'
        told = [
            *self.headers,
            ("Cache-Control", str(settings.PAGECACHE["CONTROL"])),
            ("Vary", "Accept-Encoding"),
            ("ETag", etag),
        ]
        of_body = [("Content-Length", str(len(body)))]
        if encoding:
            of_body.append(("Content-Encoding", encoding))
        self.is_heavier = True
        return Form(etag, told, of_body, body, lines(told + of_body), lines(told))

    @property
    def size(self) -> int:
        """In bytes, about: Python keeps a text of Ukrainian letters in two each."""
        texts = [part for part in self.parts if isinstance(part, str)]
        filled = self.filled
        kept = [*texts, *(filled.texts if filled else [])]
        bodies = [form.body for form in filled.forms.values()] if filled else []
        return sum(map(len, kept)) * 2 + sum(map(len, bodies)) + OVERHEAD


def lines(headers: Headers) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1")


def text_of(hole: Hole, known: Known) -> str | None:
    """None while the database is away. No request of Django’s looks after a connection here."""
    for _time in range(TRIES):
        try:
            return hole.fill(known)
        except (OperationalError, InterfaceError):
            if connection.connection is not None and not connection.is_usable():
                connection.close()
    return None


# So long nothing is kept without looking again, whatever was changed past all that notices it.
LONGEST_SECONDS = 3600.0
# Of the objects around a page's texts.
OVERHEAD = 4000
# A connection that was lost shows by an error; the next one is another.
TRIES = 2
