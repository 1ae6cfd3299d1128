"""The metadata of JPEG and JPEG 2000 within a PDF, taken out without touching a pixel.

A PDF says itself how an image's colors are to be read, so it must stay as it was encoded.
See https://www.w3.org/Graphics/JPEG/itu-t81.pdf and ITU-T T.800.
"""

import re

START, END = b"\xff\xd8", b"\xff\xd9"
SCAN, COMMENT = 0xDA, 0xFE
# Within a scan FF is followed by 00, or by the number of a restart.
NEXT_SEGMENT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
JFIF, ICC, ADOBE = (0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe")

JP2_START = b"\x00\x00\x00\x0cjP  "
CODESTREAM_START = b"\xff\x4f"
JP2_COMMENT, JP2_TILE = 0x64, 0x90
# Boxes of other things than pixels and colors.
JP2_METADATA = (b"xml ", b"uuid", b"uinf", b"asoc", b"free", b"skip")


def strip_jpeg(content: bytes) -> bytes:
    """Raises: ValueError, if it is no JPEG."""
    if not content.startswith(START):
        raise ValueError("no JPEG")
    kept, position = [START], 2
    while (marker := _marker(content, position)) != END[1]:
        position = content.index(marker, position + 1)
        end = position + 1 + int.from_bytes(content[position + 1 : position + 3])
        if marker == SCAN:
            found = NEXT_SEGMENT.search(content, end)
            end = found.start() if found else len(content)
        kept.append(_segment(marker, content[position + 1 : end]))
        position = end
    return b"".join([*kept, END])


def _marker(content: bytes, position: int) -> int:
    """Any number of FF may stand before it. A file cut off after its scan ends there."""
    if position >= len(content):
        return END[1]
    if content[position] != 0xFF:
        raise ValueError("no segment begins here")
    return next((byte for byte in content[position:] if byte != 0xFF), END[1])


def _segment(marker: int, body: bytes) -> bytes:
    head = bytes([0xFF, marker])
    if (marker, body[2:7]) == JFIF:
        # Its thumbnail follows these; none is 0 by 0.
        return head + b"\0\x10" + body[2:14] + b"\0\0"
    is_metadata = marker == COMMENT or 0xE0 <= marker <= 0xEF
    is_color = any(marker == kind and body[2:].startswith(name) for kind, name in (ICC, ADOBE))
    return b"" if is_metadata and not is_color else head + body


def strip_jpeg_2000(content: bytes) -> bytes:
    """Raises: ValueError, if it is no JPEG 2000."""
    if content.startswith(CODESTREAM_START):
        return _without_comments(content)
    if not content.startswith(JP2_START):
        raise ValueError("no JPEG 2000")
    kept, position = [], 0
    while position < len(content):
        head, end = _box(content, position)
        kind = content[position + 4 : position + 8]
        body = content[position + head : end]
        if kind == b"jp2c":
            body = _without_comments(body)
            kept.append((8 + len(body)).to_bytes(4) + kind + body)
        elif kind not in JP2_METADATA:
            kept.append(content[position:end])
        position = end
    return b"".join(kept)


def _box(content: bytes, position: int) -> tuple[int, int]:
    """How long a box's head is, and where the box ends."""
    size = int.from_bytes(content[position : position + 4])
    if size == 1:
        head, size = 16, int.from_bytes(content[position + 8 : position + 16])
    else:
        head, size = 8, size or len(content) - position
    if size < head:
        raise ValueError("no box begins here")
    return head, position + size


def _without_comments(codestream: bytes) -> bytes:
    """Comments stand before the first tile."""
    kept, position = [CODESTREAM_START], 2
    while codestream[position + 1] != JP2_TILE:
        end = position + 2 + int.from_bytes(codestream[position + 2 : position + 4])
        if codestream[position] != 0xFF or end <= position + 3:
            raise ValueError("no segment begins here")
        if codestream[position + 1] != JP2_COMMENT:
            kept.append(codestream[position:end])
        position = end
    return b"".join([*kept, codestream[position:]])
