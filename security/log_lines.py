"""What a log line may hold: what happened, never to whom, and nothing that opens a page.

Records are cleaned when they are made, before any handler sees them, so that it does not matter
which library logs, which handler writes or which formatter was chosen.

What is secret in an address is read from the site's own addresses: every argument that is not the
number or the id of a thing. A line keeps the rest: `/en/signatures/<token>/`.
"""

import ipaddress
import logging
import logging.config
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.urls import URLResolver
    from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern

# An argument in an address, wherever that stands: in a message, a repr, a header.
VALUE = r"""[^/\s"'`?#&<>,;(){}\[\]\\]+"""
# A template or a module whose name is like an address: signatures/own.html.
FILE = r"(?:[\w-]+/)*[\w-]+\.(?:css|html|js|mjs|po|py|txt)\b"
QUERY = re.compile(r"""(?<=[\w/.%~-])\?[^\s"'<>]+""")
EMAIL = re.compile(r"""[^\s"'<>()\[\],;:=/]{1,64}@[^\s"'<>()\[\],;:/@]{1,255}\.\w{2,}""")
IP_ADDRESS = re.compile(
    r"(?<![\w.:])(?:(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F.]{0,15}|[0-9]{1,3}(?:\.[0-9]{1,3}){3})"
)
RUN = re.compile(r"[\w%+=-]{20,}", re.ASCII)
# What a long run may be: words, also with numbers between, or the id of a thing.
WORDS = re.compile(
    r"(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}|[%+=_-]|(?<![A-Za-z0-9])(?:[A-Za-z]|\d+)(?![A-Za-z0-9]))+"
)
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A line of a traceback names our own files, in folders that are named like addresses.
FRAME = re.compile(r'\s+File "[^"]+", line \d+, in .+')
# Any address, for as long as the site's own are not known.
ANYWHERE = re.compile(rf"(?<=/)(?!{FILE}){VALUE}/{VALUE}")
LONGEST_LINE = 4000
# A value as Python writes it, to the end of the line where it does not end before, and the lines in
# which PostgreSQL repeats what it was given.
QUOTED = re.compile(
    r"""(?<!\w)(?:'(?:\\.|[^'\\])*(?:'|$)|"(?:\\.|[^"\\])*(?:"|$)|[“‘«][^”’»]*(?:[”’»]|$))"""
)
ROW = re.compile(r"(DETAIL|CONTEXT|LINE \d+)\b")
# Arguments that name a thing by its number or its id, which opens nothing.
ID = re.compile(r"(?:.*_)?(?:pk|id)(?:_[a-z])?")
ARGUMENT = re.compile(r"<(?:(?P<kind>[^>:]+):)?(?P<name>\w+)>")

logger = logging.getLogger(__name__)
_make_record = logging.LogRecord
_state = threading.local()


def configure(config: dict[str, Any]) -> None:
    """For `LOGGING_CONFIG`: Django configures logging by this, in every process."""
    install()
    logging.config.dictConfig(config)
    logging.captureWarnings(True)


def install() -> None:
    """From now on every record is clean, and so is what ends a process or a thread."""
    logging.setLogRecordFactory(clean_record)
    sys.excepthook = log_uncaught
    threading.excepthook = log_told
    sys.unraisablehook = log_told


def log_told(told: "threading.ExceptHookArgs | sys.UnraisableHookArgs") -> None:
    log_uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def log_uncaught(
    kind: type[BaseException], error: BaseException | None, frames: TracebackType | None
) -> None:
    error = error or kind()
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, frames)
    else:
        logger.critical("Ended by an error.", exc_info=(kind, error, frames))


def clean_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A record whose message, traceback and stack are texts without secrets."""
    record = _make_record(*args, **kwargs)
    try:
        message = record.getMessage()
    except Exception as error:  # noqa: BLE001 - an argument's own text may raise anything
        # The logging module would print the arguments as they are.
        message = f"{record.msg} ({type(error).__name__} in its arguments)"
    record.msg, record.args = clean(message), None
    if record.exc_info:
        record.exc_text = traceback_of(*record.exc_info)
        # Reports that are made from the error itself hold requests and local variables.
        record.exc_info = None
    if record.stack_info:
        record.stack_info = clean(record.stack_info)
    return record


def traceback_of(
    kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
) -> str:
    """Where it happened and what is wrong, without the values that it is wrong about."""
    lines = "".join(traceback.format_exception(kind, error, frames)).rstrip().split("\n")
    # Of all that is not indented, only the words that some program's author wrote.
    told = [line if line.startswith(" ") else without_values(line) for line in lines]
    return clean("\n".join(told))


def without_values(line: str) -> str:
    """What an error says: values are quoted, and a database tells the row after a word of its own.

    A name or a comment has no looks by which it could be known anywhere else.
    """
    if detail := ROW.match(line):
        return f"{detail[1]}: …"
    return QUOTED.sub("‘…’", line)


def clean(text: str) -> str:
    return "\n".join(clean_line(line) for line in text.split("\n"))


def clean_line(line: str) -> str:
    if len(line) > LONGEST_LINE:
        line = line[:LONGEST_LINE] + "…"
    if not FRAME.fullmatch(line):
        line = QUERY.sub("?…", line)
        for pattern, replacement in secret_places():
            line = pattern.sub(replacement, line)
        line = EMAIL.sub("<email>", line)
        line = IP_ADDRESS.sub(_without_address, line)
    return RUN.sub(lambda run: "…" if looks_random(run[0]) else run[0], line)


def _without_address(match: re.Match[str]) -> str:
    try:
        address = ipaddress.ip_address(match[0])
    except ValueError:
        return match[0]
    return match[0] if address.is_loopback or address.is_unspecified else "<address>"


def looks_random(run: str) -> bool:
    """Whether a run of letters and digits is a key of some kind: no words, and no id."""
    return not (WORDS.fullmatch(run) or UUID.fullmatch(run))


def secret_places() -> list[tuple[re.Pattern[str], str]]:
    """Where secrets stand in addresses; while addresses are not known yet, everywhere."""
    from django.apps import apps

    # Whatever is logged while the addresses are read cannot wait for them.
    if apps.ready and not getattr(_state, "is_reading", False):
        _state.is_reading = True
        try:
            return _places_of_the_site()
        except Exception:  # noqa: BLE001, S110
            # Addresses that cannot be read are told where they are used.
            pass
        finally:
            _state.is_reading = False
    return [(ANYWHERE, "…/…")]


@cache
def _places_of_the_site() -> list[tuple[re.Pattern[str], str]]:
    shapes = {shape for parts in routes() if (shape := secret_part(parts))}
    # The longest first: of two that begin alike, the shorter would leave the rest as it is.
    ordered = sorted(shapes, key=lambda shape: (-shape[1].count("/"), shape))
    # And where they stand beside their names, as in the arguments of a view.
    names = {part.text for parts in routes() for part in parts if part.is_secret} | SECRET_HEADERS
    ordered.append((rf"""\b({"|".join(sorted(names))})(['"]?\s*[:=]\s*['"])[^'"]+""", r"\1\2…"))
    return [(re.compile(pattern), replacement) for pattern, replacement in ordered]


@dataclass(frozen=True)
class Part:
    """A text in an address, or the name of an argument."""

    text: str
    is_argument: bool = False

    @property
    def is_secret(self) -> bool:
        return self.is_argument and not ID.fullmatch(self.text)

    @property
    def pattern(self) -> str:
        if not self.is_argument:
            return re.escape(self.text)
        return rf"(?!{FILE}){VALUE}" if self.text != REST else r"""[^\s"'?<>]+"""

    def __str__(self) -> str:
        return f"<{self.text}>" if self.is_argument else self.text


# Of a request's environment, what is secret whatever it holds.
SECRET_HEADERS = {"QUERY_STRING", "HTTP_COOKIE", "HTTP_AUTHORIZATION"}
# What follows in an address that is told by a regular expression.
REST = "rest"


def routes(
    resolver: "URLResolver | None" = None, before: tuple[Part, ...] = ()
) -> Iterator[tuple[Part, ...]]:
    """All addresses of the site, each as its parts, without the language before them."""
    from django.urls import URLResolver, get_resolver

    for entry in (resolver or get_resolver()).url_patterns:
        parts = (*before, *parts_of(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from routes(entry, parts)
        else:
            yield parts


def parts_of(pattern: "LocalePrefixPattern | RegexPattern | RoutePattern") -> Iterator[Part]:
    from django.urls.resolvers import LocalePrefixPattern, RegexPattern

    if isinstance(pattern, LocalePrefixPattern):
        return
    route, end = str(pattern), 0
    if isinstance(pattern, RegexPattern):
        yield from parts_of_regex(pattern.regex)
        return
    for match in ARGUMENT.finditer(route):
        yield Part(route[end : match.start()])
        yield Part("id" if match["kind"] == "int" else match["name"], is_argument=True)
        end = match.end()
    yield Part(route[end:])


def parts_of_regex(regex: re.Pattern[str]) -> Iterator[Part]:
    """Only the text before the first group is sure; all that follows may be secret."""
    names = list(regex.groupindex)
    yield Part(regex.pattern.removeprefix("^").partition("(")[0])
    if regex.groups > len(names) or not all(ID.fullmatch(name) for name in names):
        yield Part(REST, is_argument=True)


def secret_part(parts: tuple[Part, ...]) -> tuple[str, str] | None:
    """A pattern that finds an address up to its last secret, and what to write in its place.

    None where there is no secret, and where nothing stands before it: the pages' own addresses.
    """
    secrets = [index for index, part in enumerate(parts) if part.is_secret]
    if not secrets or not any(part.text for part in parts[: secrets[0]]):
        return None
    shown = parts[: secrets[-1] + 1]
    pattern = "".join(part.pattern for part in shown)
    return rf"(?<![\w-]){pattern}", "".join(str(part) for part in shown)
