"""ZIP files of PO files: what is in them is told, and nothing hostile is unpacked."""

import zipfile
from io import BytesIO
from typing import Any

import pytest

from translation_desk.po.archives import MAX_FILES, unpack
from translation_desk.po.parsing import UnreadableError


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
        zipped(*((f"{n}.po", b"") for n in range(MAX_FILES + 1))),
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
