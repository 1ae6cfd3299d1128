"""The fonts that pictures and documents are set in, and the signs that they have."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
# What the fonts write otherwise: the minus sign, and a tab.
OTHERWISE = {0x2212: "–", 0x09: " "}
# What is asked first has the scripts of most names.
FAMILIES = ("Noto Sans", "Noto Sans Hebrew", "Noto Sans Arabic")


@cache
def drawn() -> frozenset[int]:
    """The code points that one of the fonts has a glyph for."""
    fonts = [file.read_bytes() for file in sorted(FONTS.glob("*-Regular.ttf"))]
    return frozenset(code for font in fonts for code in _codes(font))


def set_text(text: str) -> tuple[str, list[str]]:
    """The text without the signs that no font has, and the names of these.

    What only says how its neighbor looks, such as a variation selector, goes without a word. Where
    lines end stays.
    """
    text = text.translate(OTHERWISE)
    lacking = [sign for sign in dict.fromkeys(text) if not _is_set(sign)]
    kept = "".join(sign for sign in text if sign not in lacking)
    told = [_name(sign) for sign in lacking if unicodedata.category(sign) not in ("Cf", "Mn", "Cc")]
    return ("\n".join(map(_tidy, kept.split("\n"))) if lacking else kept), told


def _is_set(sign: str) -> bool:
    return sign == "\n" or ord(sign) in drawn()


def _tidy(line: str) -> str:
    return " ".join(line.split())


def _name(sign: str) -> str:
    code = f"U+{ord(sign):04X}"
    name = unicodedata.name(sign, "")
    return f"{name} ({code})" if name else code


def _codes(font: bytes) -> Iterator[int]:
    """From the table `cmap`: https://learn.microsoft.com/typography/opentype/spec/cmap"""
    at = _table(font, b"cmap")
    number = struct.unpack_from(">H", font, at + 2)[0]
    for record in range(number):
        place = at + struct.unpack_from(">L", font, at + 4 + 8 * record + 4)[0]
        kind = struct.unpack_from(">H", font, place)[0]
        if kind == 12:
            yield from _groups(font, place)
        elif kind == 4:
            yield from _segments(font, place)


def _table(font: bytes, tag: bytes) -> int:
    number = struct.unpack_from(">H", font, 4)[0]
    for record in range(12, 12 + 16 * number, 16):
        name, _checksum, offset, _length = struct.unpack_from(">4sLLL", font, record)
        if name == tag:
            return int(offset)
    raise LookupError(tag)


def _groups(font: bytes, place: int) -> Iterator[int]:
    number = struct.unpack_from(">L", font, place + 12)[0]
    for group in range(number):
        first, last, _glyph = struct.unpack_from(">LLL", font, place + 16 + 12 * group)
        yield from range(first, last + 1)


def _segments(font: bytes, place: int) -> Iterator[int]:
    double = struct.unpack_from(">H", font, place + 6)[0]
    ends = struct.unpack_from(f">{double // 2}H", font, place + 14)
    starts = struct.unpack_from(f">{double // 2}H", font, place + 16 + double)
    for first, last in zip(starts, ends, strict=True):
        # The last one stands for nothing.
        yield from range(first, last + 1) if first != 0xFFFF else ()
