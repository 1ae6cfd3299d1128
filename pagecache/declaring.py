"""What a view says of its answer, so that it may be kept for everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase

MOST_PARAMETERS = 50


@dataclass(frozen=True)
class Declared:
    """`choices` are parameters with all their values, `free` those that may say anything.

    Whatever else stands in an address is not read by the view, nor told by it.
    """

    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    free: frozenset[str] = frozenset()
    # How long it holds, where nothing tells of its changes.
    seconds: float | None = None
    in_every_language: bool = False
    # All that it shows of those records that changes may name; None where it may show any.
    records: frozenset[str] | None = None

    def clean(self, query: str) -> str | None:
        """What of a query makes a difference, in one order; None where nothing is to be kept."""
        if not query:
            return ""
        try:
            asked = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
        except ValueError:
            return None
        read = [(name, value) for name, value in asked if name in self.choices or name in self.free]
        chosen = {name: value for name, value in read if value}
        is_odd = len({name for name, _value in read}) < len(read)
        if is_odd or any(value not in self.choices.get(name, ()) for name, value in chosen.items()):
            return None
        return urlencode(sorted(chosen.items()))


def declare(
    response: HttpResponseBase,
    choices: Mapping[str, Iterable[str]] | None = None,
    free: Iterable[str] = (),
    seconds: float | None = None,
    in_every_language: bool = False,
    records: Iterable[str] | None = None,
) -> None:
    """Says that an answer is the same for everybody. What was said first holds."""
    if declared(response) is None:
        found = {name: frozenset(values) for name, values in (choices or {}).items()}
        shown = None if records is None else frozenset(records)
        response.pagecache = Declared(  # type: ignore[attr-defined]
            found, frozenset(free), seconds, in_every_language, shown
        )


def declared(response: HttpResponseBase) -> Declared | None:
    return getattr(response, "pagecache", None)


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether nothing of an answer is somebody's own, whatever its view has declared."""
    found = declared(response)
    if found is None or response.streaming or response.status_code != 200 or response.cookies:
        return False
    control = response.get("Cache-Control", "")
    if "private" in control or "no-store" in control or getattr(request, "is_preview", False):
        return False
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")} - {""}
    allowed = {"accept-encoding", *(["accept-language"] if found.in_every_language else [])}
    return varies <= allowed and not response.has_header("Content-Encoding")
