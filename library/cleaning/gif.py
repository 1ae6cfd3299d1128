"""A GIF's blocks are copied as they are, but for those that draw nothing.

Painting it anew would change its colors: each frame has a palette of its own.
See https://www.w3.org/Graphics/GIF/spec-gif89a.txt
"""

EXTENSION, PICTURE, END = 0x21, 0x2C, 0x3B
TIMING, APPLICATION = 0xF9, 0xFF
# How often the animation runs.
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def strip(content: bytes) -> bytes:
    """Raises: IndexError, ValueError, if the file is no GIF."""
    position = 13 + _palette_size(content[10])
    kept = [content[:position]]
    while content[position] != END:
        end = _end_of_block(content, position)
        if _is_needed(content, position):
            kept.append(_without_rest(content, position, end))
        position = end
    return b"".join([*kept, bytes([END])])


def _palette_size(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_block(content: bytes, position: int) -> int:
    if content[position] == EXTENSION:
        return _end_of_parts(content, position + 2)
    if content[position] == PICTURE:
        return _end_of_parts(content, position + 11 + _palette_size(content[position + 9]))
    raise ValueError("no block begins here")


def _end_of_parts(content: bytes, position: int) -> int:
    """A block is a row of parts of up to 255 bytes, each after its length, the last one empty."""
    while length := content[position]:
        position += 1 + length
    return position + 1


def _is_needed(content: bytes, position: int) -> bool:
    if content[position] == PICTURE or content[position + 1] == TIMING:
        return True
    return content[position + 1] == APPLICATION and content[position + 3 : position + 14] in LOOPS


def _without_rest(content: bytes, position: int, end: int) -> bytes:
    """Of an extension its first part and, of the loop, the number: more says nothing."""
    if content[position] == PICTURE:
        return content[position:end]
    if content[position + 1] == TIMING:
        return content[position : position + 7] + b"\0"
    number = content.find(b"\x03\x01", position + 14, end)
    if number < 0:
        return b""
    return content[position : position + 14] + content[number : number + 4] + b"\0"
