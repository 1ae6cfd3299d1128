"""What translators' programs write is read without loss; what is no PO file is refused."""

from collections.abc import Callable

import polib
import pytest

from tests.translation_desk.po.malformed_po import HEADER, MALFORMED
from translation_desk.po.parsing import (
    PoEntry,
    UnreadableError,
    parse_po,
    write,
)

TEXTS = [
    "A plain text",
    'Quotes " and „these“, «ці», and ’',
    "A backslash \\ and \\n as letters",
    "Two lines\nand a tab\tin the second",
    "\nBegins and ends with a break\n",
    'A link: <a id="a1">here</a> &amp; <b>bold</b>',
    "Line separators \u2028 and \x85 and \x1c that Python splits at",
    "A no-break space and a soft\u00adhyphen",
    "Дуже довгий рядок, " * 30,
    "x" * 500,
    "מימין לשמאל \u200f",
    "😀 # not a comment",
]


def entry_of(data: str) -> PoEntry:
    (entry,) = parse_po(data.encode()).entries
    return entry


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    written = write("Heading", {"Language": "uk"}, [PoEntry(text, text, context="a.b-c.d")])
    file = parse_po(written.encode())
    assert file.headers["Language"] == "uk"
    assert [(each.context, each.source, each.text) for each in file.entries] == [
        ("a.b-c.d", text, text)
    ]


@pytest.mark.parametrize("wrap", [0, 20, 78])
def test_what_another_program_wraps_is_read_as_that_program_reads_it(wrap: int) -> None:
    file = polib.POFile(wrapwidth=wrap)
    for number, text in enumerate(TEXTS):
        flags = ["fuzzy", "no-wrap"] if number % 2 else []
        file.append(polib.POEntry(msgid=text, msgstr=text, msgctxt=str(number), flags=flags))
    read_back = parse_po(str(file).encode()).entries
    assert [(each.source, each.text) for each in read_back] == [(text, text) for text in TEXTS]
    assert [each.is_fuzzy for each in read_back] == [bool(n % 2) for n in range(len(TEXTS))]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data.replace(b"\n\n", b"\n"),
        lambda data: data + b'\n#, fuzzy\n#~ msgid "gone"\n#~ msgstr "\xd0\xbd"\n',
    ],
    ids=["byte-order mark", "Windows", "old Mac", "no blank lines", "obsolete entries"],
)
def test_habits_of_other_programs_change_nothing(change: Callable[[bytes], bytes]) -> None:
    entries = [PoEntry(text, "Так", context=str(n)) for n, text in enumerate(TEXTS)]
    data = write("Heading", {"Language": "uk"}, entries).encode()
    read_back = parse_po(change(data)).entries
    assert [(each.source, each.text, each.is_fuzzy) for each in read_back] == [
        (text, "Так", False) for text in TEXTS
    ]


def test_marks_belong_to_the_entry_below_them() -> None:
    data = HEADER + '#, fuzzy\nmsgid "a"\nmsgstr "b"\n# note\nmsgid "c"\nmsgstr "d"\n'
    first, second = parse_po(data.encode()).entries
    assert (first.is_fuzzy, second.is_fuzzy) == (True, False)


def test_entries_with_plural_forms_are_recognised() -> None:
    data = HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n'
    assert entry_of(data).is_plural


@pytest.mark.parametrize(("data", "reason"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_po_file_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        parse_po(data)
