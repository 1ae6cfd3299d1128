"""ZIP files that nobody should unpack."""

import zipfile
from io import BytesIO
from typing import Any

from translation_desk.po.archives import MAX_FILES


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
