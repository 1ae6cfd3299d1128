"""What translators' programs write is read without loss; what is no PO file is refused."""

import time
import zipfile
from io import BytesIO
from typing import Any

import polib
import pytest

from campaigns import po_archives
from campaigns.places import Place, misfit
from campaigns.po_archives import pack, unpack
from campaigns.po_files import MAX_BYTES, MAX_ENTRIES, Entry, UnreadableError, read, write

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
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


def entry_of(data: str) -> Entry:
    (entry,) = read(data.encode()).entries
    return entry


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    written = write("Heading", {"Language": "uk"}, [Entry(text, text, context="a.b-c.d")])
    file = read(written.encode())
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
    read_back = read(str(file).encode()).entries
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
def test_habits_of_other_programs_change_nothing(change: Any) -> None:
    entries = [Entry(text, "Так", context=str(n)) for n, text in enumerate(TEXTS)]
    data = write("Heading", {"Language": "uk"}, entries).encode()
    read_back = read(change(data)).entries
    assert [(each.source, each.text, each.is_fuzzy) for each in read_back] == [
        (text, "Так", False) for text in TEXTS
    ]


def test_marks_belong_to_the_entry_below_them() -> None:
    data = HEADER + '#, fuzzy\nmsgid "a"\nmsgstr "b"\n# note\nmsgid "c"\nmsgstr "d"\n'
    first, second = read(data.encode()).entries
    assert (first.is_fuzzy, second.is_fuzzy) == (True, False)


def test_entries_with_plural_forms_are_recognised() -> None:
    data = HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n'
    assert entry_of(data).is_plural


MALFORMED = {
    "empty": (b"", "holds no texts"),
    "header alone": (HEADER.encode(), "holds no texts"),
    "prose": (b"Dear Sir or Madam\n", "Line 1"),
    "HTML": (b"<html><body>no</body></html>", "Line 1"),
    "a file's name": (b"/etc/passwd", "Line 1"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "no text file"),
    "catalogue": (b"\xde\x12\x04\x95\x00\x00\x00\x00", "no text file"),
    "NUL": (HEADER.encode() + b'msgid "a\0"\nmsgstr "b"\n', "no text file"),
    "UTF-16": ((HEADER + 'msgid "a"\nmsgstr "b"\n').encode("utf-16"), "UTF-16"),
    "Windows-1251": ('msgid "a"\nmsgstr "ї"\n'.encode("windows-1251"), "not written in UTF-8"),
    "says another charset": (
        HEADER.replace("utf-8", "windows-1251").encode() + b'msgid "a"\nmsgstr "b"\n',
        "windows-1251",
    ),
    "ZIP": (pack([("a.po", HEADER)]), "ZIP file"),
    "too large": (HEADER.encode() + b"#" * MAX_BYTES, "larger than 1 MB"),
    "too many entries": (
        "".join(f'msgid "{n}"\nmsgstr ""\n' for n in range(MAX_ENTRIES + 1)).encode(),
        "more than 2000 entries",
    ),
    "the same twice": (b'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', "Line 4 repeats"),
    "two headers": ((HEADER + HEADER).encode(), "repeats"),
    "unclosed quote": (b'msgid "a\nmsgstr "b"\n', "Line 1"),
    "quote within": (b'msgid "a"b"\nmsgstr "b"\n', "Line 1"),
    "no quotes": (b"msgid a\nmsgstr b\n", "Line 1"),
    "text of nothing": (b'"a"\n', "Line 1"),
    "translation first": (b'msgstr "a"\nmsgid "b"\n', "line 1"),
    "source twice": (b'msgid "a"\nmsgid "b"\nmsgstr "c"\n', "line 2"),
    "translation twice": (b'msgid "a"\nmsgstr "b"\nmsgstr "c"\n', "line 3"),
    "no translation": (b'msgid "a"\n', "line 1"),
    "unknown word": (b'msgbody "a"\n', "Line 1"),
    "unknown escape": (b'msgid "a"\nmsgstr "\\q"\n', "line 1"),
}


@pytest.mark.parametrize(("data", "reason"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_po_file_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read(data)


BAD = {
    "comments": HEADER + "#. x\n" * 190_000 + 'msgid "a"\nmsgstr "b"\n',
    "flags": HEADER + "#, a\n" * 190_000 + 'msgid "a"\nmsgstr "b"\n',
    "continued lines": HEADER + 'msgid "a"\nmsgstr ""\n' + '"a"\n' * 240_000,
    "header lines": 'msgid ""\nmsgstr "a: b\\n' + "c\\n" * 330_000 + '"\nmsgid "a"\nmsgstr "b"',
    "escapes": HEADER + 'msgid "' + '\\"' * 480_000 + '"\nmsgstr "a"\n',
    "unclosed": HEADER + 'msgid "' + '\\"' * 480_000 + "\n",
    "blanks": HEADER + "msgid " + " " * 980_000 + "x\n",
    "entries": HEADER + 'msgid "a"\nmsgstr ""\n' * 50_000,
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_megabyte_made_to_be_slow_is_read_within_two_seconds(text: str) -> None:
    assert len(text) < MAX_BYTES
    started = time.process_time()
    try:
        read(text.encode())
    except UnreadableError:
        pass
    assert time.process_time() - started < 2


SIGNS = ["&", "<", "< ", "<b>", "</b>", '<a id="', "<!--", "&#x", "&a;", "<a ", '"', "<a b='c' "]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_megabyte_of_a_sign_is_judged_within_two_seconds(sign: str) -> None:
    texts = [(sign * 20_000)[:size] for size in (500, 20_000) for _n in range(MAX_BYTES // size)]
    started = time.process_time()
    for text in texts:
        misfit(text, 'A <b>bold</b> <a id="a1">link</a>', Place(("Text",)))
    assert time.process_time() - started < 4


def zipped(*members: tuple[str, bytes], **attributes: Any) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", attributes.pop("method", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = archive.compression
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            archive.writestr(info, data)
    return file.getvalue()


def encrypted(data: bytes) -> bytes:
    """With the mark of a password set in both places where a ZIP file has it."""
    raw = bytearray(data)
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


PO = b'msgid "a"\nmsgstr "b"\n'
HOSTILE = {
    "no ZIP": (b"PK\x03\x04 and no more", "damaged"),
    "cut short": (zipped(("a.po", PO))[:-30], "damaged"),
    "wrong checksum": (zipped(("a.po", PO), method=0).replace(b'"b"', b'"c"'), "damaged"),
    "nothing in it": (zipped(), "no PO file"),
    "only others": (zipped(("a.txt", PO)), "no PO file"),
    "upwards": (zipped(("../a.po", PO)), "outside"),
    "upwards by backslash": (zipped(("..\\..\\a.po", PO)), "outside"),
    "absolute": (zipped(("/etc/a.po", PO)), "outside"),
    "drive": (zipped(("C:/a.po", PO)), "outside"),
    "link": (zipped(("a.po", b"/etc/passwd"), external_attr=0o120777 << 16), "link"),
    "nested": (zipped(("a.po", PO), ("b.zip", zipped(("a.po", PO)))), "ZIP file itself"),
    "password": (encrypted(zipped(("a.po", PO))), "password"),
    "unusual packing": (zipped(("a.po", PO), method=zipfile.ZIP_LZMA), "unusual"),
    "bomb": (zipped(("a.po", b" " * 50_000_000)), "larger than 1 MB"),
    "many bombs": (
        zipped(*((f"{n}.po", b" " * 990_000) for n in range(30))),
        "Unpacked, the files have more",
    ),
    "too many files": (
        zipped(*((f"{n}.po", b"") for n in range(po_archives.MAX_FILES + 1))),
        "more than",
    ),
    "too large": (zipped(("a.po", b" " * 6_000_000), method=0), "larger than 5 MB"),
}


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_zip_file_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        unpack(data)


def test_a_zip_file_that_understates_a_size_gives_no_more_than_it_said() -> None:
    data = bytearray(zipped(("a.po", b" " * 3_000_000)))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (900_000).to_bytes(4, "little")
    with pytest.raises(UnreadableError, match="damaged"):
        unpack(bytes(data))


def test_a_name_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.po", PO), ("a.po", PO))
    with pytest.raises(UnreadableError, match="same name"):
        unpack(data)


def test_what_other_programs_add_to_a_zip_file_is_left_out() -> None:
    data = zipped(("uk/", b""), ("uk/a.po", PO), ("uk/a.mo", b"\0"), ("__MACOSX/uk/._a.po", b"\0"))
    files, others = unpack(data)
    assert files == [("uk/a.po", PO)]
    assert others == ["uk/a.mo", "__MACOSX/uk/._a.po"]


@pytest.mark.parametrize(
    "text",
    [
        'Звичайний <b>текст</b> і <a id="a1">лінк</a>',
        "<a id='a1'>Лінк</a> спершу, а <b>тоді</b><br/>рядок",
        '5 &lt; 6 &amp; <b>7</b> < 8 <a id="a1"> </a>',
    ],
)
def test_a_translation_with_the_tags_of_its_source_fits(text: str) -> None:
    assert misfit(text, 'A <b>bold</b> <a id="a1">link</a>', Place(("Text",))) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Без тегів", "Missing: <b>"),
        ('<b>x</b> <a id="a2">x</a>', "Missing"),
        ('<b>x</b> <a id="a1" href="https://evil.example">x</a>', "Missing"),
        ('<b>x</b> <a id="a1">x</a> <a id="a1">x</a>', "Not in it"),
        ('<b onclick="alert(1)">x</b> <a id="a1">x</a>', "Missing"),
        ('<b>x</b> <a id="a1">x</a><script>alert(1)</script>', "Not in it"),
        ('<b>x</b> <a id="a1">x</a><img src=x onerror=alert(1)>', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a><SCRIPT>alert(1)</SCRIPT>', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a><scr<b></b>ipt>', "Not in it|begins no tag"),
        ('<b>x</b> <a id="a1">x</a><!--><script>alert(1)</script>-->', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a><svg/onload=alert(1)>', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a><?php ?>', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a>\x07', "cannot be shown"),
        ('<b>x</b> <a id="a1">x</a>' + "&" * 200, "far more"),
        ('<b>x</b> <a id="a1">x</a>' + "&#" + "1" * 9_000 + ";", "cannot be read"),
        ("<b>" * 40 + "</b>" * 40, "Missing|far more"),
        ("x" * 20_001, "more than 20000"),
        ('<b> </b><a id="a1"> </a>', "shows nothing"),
    ],
)
def test_a_translation_with_other_tags_or_signs_is_refused(text: str, reason: str) -> None:
    found = misfit(text, 'A <b>bold</b> <a id="a1">link</a>', Place(("Text",)))
    assert any(part in found for part in reason.split("|")), found
