"""What moves in a page that is kept: holes, filled without rendering the page again.

A template's tag calls `hole`. Where the page is rendered to be kept, it leaves a mark that nothing
written into the page can look like, since it is drawn anew for each rendering; elsewhere it is
filled at once, by the same function.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe


class Moving(Protocol):
    """What fills a hole may depend on."""

    @property
    def numbers(self) -> Mapping[str, int]: ...
    @property
    def people(self) -> int: ...
    @property
    def is_away(self) -> bool: ...


class Kind(NamedTuple):
    # Cheap, and equal as long as the hole's content is.
    stamp: Callable[..., Hashable]
    fill: Callable[..., str]


KINDS: dict[str, Kind] = {}


def kind(stamp: Callable[..., Hashable]) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Makes a function one that fills the holes of its name."""

    def register(fill: Callable[..., str]) -> Callable[..., str]:
        KINDS[fill.__name__] = Kind(stamp, fill)
        return fill

    return register


@dataclass(frozen=True)
class Hole:
    name: str
    language: str
    arguments: tuple[Any, ...]

    def stamp(self, moving: Moving) -> Hashable:
        return KINDS[self.name].stamp(moving, *self.arguments)

    def fill(self, moving: Moving) -> str:
        with translation.override(self.language):
            return KINDS[self.name].fill(moving, *self.arguments)


class Live:
    """What fills holes where nothing is kept; numbers that are not given are asked for."""

    people = 0
    is_away = False

    def __init__(self, numbers: Mapping[str, int] | None = None) -> None:
        self.given = numbers

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        if self.given is None:
            found: Mapping[str, int] = import_string(str(settings.PAGECACHE["NUMBERS"]))()
            return found
        return self.given


@dataclass
class Marks:
    """The holes of one rendering."""

    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    holes: list[Hole] = field(default_factory=list)

    def mark(self, hole: Hole) -> str:
        self.holes.append(hole)
        return f"<!--{self.secret}:{len(self.holes) - 1}-->"

    def split(self, text: str) -> list[str | Hole]:
        """The text between the holes and the holes, in turns: every second one is a hole."""
        parts: list[str | Hole] = [*re.split(f"<!--{self.secret}:([0-9]+)-->", text)]
        parts[1::2] = [self.holes[int(str(number))] for number in parts[1::2]]
        return parts


_marks: ContextVar[Marks | None] = ContextVar("marks", default=None)


@contextmanager
def marked() -> Iterator[Marks]:
    """While a page is rendered to be kept."""
    marks = Marks()
    token = _marks.set(marks)
    try:
        yield marks
    finally:
        _marks.reset(token)


def are_marked() -> bool:
    return _marks.get() is not None


def hole(name: str, *arguments: Any, numbers: Mapping[str, int] | None = None) -> SafeString:
    """A hole, or what fills it; `numbers` are those that are known already."""
    found = Hole(name, translation.get_language() or settings.LANGUAGE_CODE, arguments)
    marks = _marks.get()
    html = marks.mark(found) if marks else found.fill(Live(numbers))
    return mark_safe(html)  # noqa: S308 - each kind escapes what it is given


def filled(parts: list[str | Hole], moving: Moving | None = None) -> str:
    moving = moving or Live()
    return "".join(part if isinstance(part, str) else part.fill(moving) for part in parts)


@kind(stamp=lambda moving, usual, instead: moving.is_away)
def unless_away(moving: Moving, usual: str, instead: str) -> str:
    """What needs the database, and what stands in its place while that is away."""
    return instead if moving.is_away else usual
