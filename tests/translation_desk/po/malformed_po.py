"""PO files that are none."""

from translation_desk.po.archives import pack
from translation_desk.po.parsing import MAX_BYTES, MAX_ENTRIES

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
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
