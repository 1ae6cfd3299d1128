"""Gettext's PO files: what translators' own programs, like Poedit, read and write.

Reading takes time in proportion to a file's size and names the line of a mistake; see
docs/decisions/reading-po-files.md. Writing is polib's.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polib
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MAX_BYTES = 1_000_000
MAX_ENTRIES = 2_000
# Poedit and gettext break lines here.
WRAP = 78

ZIP_START = b"PK"
UTF_16_STARTS = (b"\xff\xfe", b"\xfe\xff")
LINE = re.compile(
    r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s*)?"([^"\\]*(?:\\.[^"\\]*)*)"'
)
ESCAPE = re.compile(r"\\(.)")
ESCAPED = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    '"': '"',
    "\\": "\\",
}


class UnreadableError(ValueError):
    """Why a file is not taken, in a sentence or two that say what to do."""


@dataclass(frozen=True)
class PoEntry:
    source: str
    text: str = ""
    context: str = ""
    is_fuzzy: bool = False
    is_plural: bool = False
    comment: str = ""
    line: int = 0


@dataclass(frozen=True)
class PoFile:
    headers: dict[str, str]
    entries: list[PoEntry]


@dataclass
class Fields:
    """What has been read of an entry so far, in the pieces that its lines are."""

    line: int = 0
    flags: set[str] = field(default_factory=set)
    pieces: dict[str, list[str]] = field(default_factory=dict)

    @property
    def has_text(self) -> bool:
        return any(word.startswith("msgstr") for word in self.pieces)

    def get(self, word: str) -> str:
        return ESCAPE.sub(self._unescape, "".join(self.pieces.get(word, ())))

    def _unescape(self, match: re.Match[str]) -> str:
        if match[1] not in ESCAPED:
            raise UnreadableError(
                _("In the entry at line %(line)s stands “%(escape)s”, which means nothing there.")
                % {"line": self.line, "escape": match[0]}
            )
        return ESCAPED[match[1]]


def parse_po(data: bytes) -> PoFile:
    """Obsolete entries and comments are left out.

    Raises: UnreadableError.
    """
    headers: dict[str, str] = {}
    entries: list[PoEntry] = []
    seen: dict[tuple[str, str], int] = {}
    for fields in _fields(_decoded(data)):
        entry = _po_entry(fields)
        key = (entry.context, entry.source)
        if key in seen:
            raise UnreadableError(
                _("Line %(line)s repeats the entry of line %(first)s. Remove one of the two.")
                % {"line": entry.line, "first": seen[key]}
            )
        seen[key] = entry.line
        if key == ("", ""):
            headers = _headers(entry.text)
            continue
        entries.append(entry)
        if len(entries) > MAX_ENTRIES:
            raise UnreadableError(
                ngettext(
                    "The file has more than %(number)s entry. Split it and upload the parts.",
                    "The file has more than %(number)s entries. Split it and upload the parts.",
                    MAX_ENTRIES,
                )
                % {"number": MAX_ENTRIES}
            )
    _check_charset(headers)
    if not entries:
        raise UnreadableError(_("The file holds no texts. Upload a PO file downloaded from here."))
    return PoFile(headers, entries)


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UnreadableError(
            _("The file is larger than %(number)s MB. Split it and upload the parts.")
            % {"number": MAX_BYTES // 1_000_000}
        )
    if data.startswith(ZIP_START):
        raise UnreadableError(
            _("This is a ZIP file. Upload it where a whole campaign is translated, or unpack it.")
        )
    if data.startswith(UTF_16_STARTS):
        raise UnreadableError(_("The file is written in UTF-16. Save it as UTF-8."))
    if b"\0" in data:
        raise UnreadableError(_("This is no text file. Upload a PO file (its name ends in .po)."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(_("The file is not written in UTF-8. Save it as UTF-8.")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _fields(text: str) -> Iterator[Fields]:
    """The entries, each as soon as the next one begins."""
    current, word = Fields(), ""
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.strip()
        if not line:
            continue
        if line.startswith("#"):
            if current.has_text:
                yield current
                current, word = Fields(), ""
            if line.startswith("#,"):
                current.flags |= {flag.strip() for flag in line[2:].split(",")}
            elif line.startswith("#~"):
                current = Fields()
            continue
        keyword, piece = _parts(line, number, word)
        if keyword in ("msgctxt", "msgid") and current.has_text:
            yield current
            current = Fields()
        word = keyword or word
        if keyword and (word in current.pieces or not _follows(word, current)):
            raise UnreadableError(
                _("At line %(line)s, “%(word)s” stands where it does not belong.")
                % {"line": number, "word": word}
            )
        current.line = current.line or number
        current.pieces.setdefault(word, []).append(piece)
    if current.pieces:
        yield current


def _parts(line: str, number: int, word: str) -> tuple[str | None, str]:
    """A line's keyword, if it has one, and its text. `word` is the keyword before it."""
    match = LINE.fullmatch(line)
    if match is None or not (match[1] or word):
        raise UnreadableError(
            _("Line %(line)s is not written as a line of a PO file is.") % {"line": number}
        )
    return match[1], match[2]


def _follows(word: str, current: Fields) -> bool:
    """Whether a keyword may stand after those that an entry has already."""
    return "msgid" in current.pieces or word in ("msgctxt", "msgid")


def _po_entry(fields: Fields) -> PoEntry:
    if not fields.has_text:
        raise UnreadableError(
            _("The entry at line %(line)s has no place for its translation (msgstr).")
            % {"line": fields.line}
        )
    return PoEntry(
        source=fields.get("msgid"),
        text=fields.get("msgstr"),
        context=fields.get("msgctxt"),
        is_fuzzy="fuzzy" in fields.flags,
        is_plural="msgid_plural" in fields.pieces or "msgstr" not in fields.pieces,
        line=fields.line,
    )


def _headers(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.split("\n"))
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def _check_charset(headers: dict[str, str]) -> None:
    charset = headers.get("Content-Type", "").lower().partition("charset=")[2].strip()
    if charset not in ("", "utf-8", "utf8", "us-ascii", "ascii", "charset"):
        raise UnreadableError(
            _("The file says that it is written in %(charset)s. Save it as UTF-8.")
            % {"charset": charset[:40]}
        )


def write(heading: str, headers: dict[str, str], entries: Iterable[PoEntry]) -> str:
    file = polib.POFile(wrapwidth=WRAP)
    file.header = " ".join(heading.split())
    file.metadata = {name: " ".join(value.split()) for name, value in headers.items()}
    for entry in entries:
        file.append(
            polib.POEntry(
                msgctxt=entry.context or None,
                msgid=entry.source,
                msgstr=entry.text,
                comment=entry.comment,
                flags=["fuzzy"] if entry.is_fuzzy else [],
            )
        )
    return f"{file}\n"
