"""A file that was sealed opens as it was, or not at all."""

import io
import os
from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security.streams import (
    CHUNK,
    KEY_ID_BYTES,
    MAGIC,
    SALT_BYTES,
    TAG_BYTES,
    OtherKeyError,
    Sealed,
    SealError,
    new_key,
    unsealed,
)

pytestmark = pytest.mark.any_database
KEY = new_key()
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5)
FRAME, HEAD = CHUNK + TAG_BYTES, len(MAGIC) + KEY_ID_BYTES + SALT_BYTES


def sealed(data: bytes, name: str = "a file", key: bytes = KEY, piece: int = CHUNK) -> bytes:
    file = io.BytesIO()
    out = Sealed(file, key, name)
    for at in range(0, len(data), piece):
        out.write(data[at : at + piece])
    assert out.finish()["bytes"] == len(data)
    return file.getvalue()


def opened(data: bytes, name: str = "a file", key: bytes = KEY, piece: int = -1) -> bytes:
    file = unsealed(io.BytesIO(data), key, name)
    return b"".join(iter(lambda: file.read(piece), b""))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("piece", [30011, CHUNK, FRAME, 10 * FRAME])
def test_it_opens_as_it_was_however_it_is_cut(size: int, piece: int) -> None:
    data = os.urandom(size)
    assert opened(sealed(data, piece=piece), piece=piece) == data


@pytest.mark.parametrize("size", SIZES)
def test_cut_short_anywhere_it_does_not_open(size: int) -> None:
    whole = sealed(b"x" * size)
    ends = {0, 1, HEAD - 1, HEAD, HEAD + TAG_BYTES, len(whole) - 1}
    ends |= {HEAD + n * FRAME for n in range(4)}
    for end in sorted(end for end in ends if end < len(whole)):
        with pytest.raises(SealError, match="damaged"):
            opened(whole[:end])


def test_chunks_in_another_order_left_out_or_repeated_do_not_open() -> None:
    whole = sealed(b"x" * (4 * CHUNK + 7))
    head, rest = whole[:HEAD], whole[HEAD:]
    chunks = [rest[at : at + FRAME] for at in range(0, len(rest), FRAME)]
    orders = [[1, 0, 2, 3, 4], [0, 2, 1, 3, 4], [0, 1, 2, 4], [1, 2, 3, 4], [0, 0, 1, 2, 3, 4]]
    orders += [[0, 1, 2, 3], [0, 1, 2, 3, 4, 4]]
    for order in orders:
        with pytest.raises(SealError, match="damaged"):
            opened(head + b"".join(chunks[number] for number in order))
    with pytest.raises(SealError, match="damaged"):
        opened(whole + b"more")


def test_nothing_is_given_out_before_it_was_checked() -> None:
    whole = bytearray(sealed(b"x" * (3 * CHUNK)))
    whole[HEAD + FRAME + 5] ^= 1
    file, given_out = unsealed(io.BytesIO(bytes(whole)), KEY, "a file"), bytearray()
    pieces = iter(lambda: file.read1(1000), b"")
    with pytest.raises(SealError):
        deque(map(given_out.extend, pieces))
    assert given_out in (b"", b"x" * CHUNK)


def test_another_key_or_another_files_name_does_not_open_it() -> None:
    whole = sealed(b"x" * 10)
    with pytest.raises(OtherKeyError):
        opened(whole, key=new_key())
    with pytest.raises(SealError, match="damaged"):
        opened(whole, name="another file")


def test_the_same_twice_looks_different_and_shows_nothing() -> None:
    data = b"x" * 100
    assert sealed(data) != sealed(data)
    assert data not in sealed(data)


@given(st.binary(max_size=300), st.data())
@settings(max_examples=150, deadline=None)
def test_any_changed_bit_is_noticed(data: bytes, draw: st.DataObject) -> None:
    whole = bytearray(sealed(data))
    place = draw.draw(st.integers(0, len(whole) * 8 - 1))
    whole[place // 8] ^= 1 << place % 8
    with pytest.raises(SealError):
        opened(bytes(whole))


def test_it_holds_no_more_than_some_chunks_at_once() -> None:
    file = io.BytesIO()
    out = Sealed(file, KEY, "a file")
    for number in range(20):
        out.write(b"x" * CHUNK)
        assert file.tell() >= number * FRAME
    out.finish()
    whole = io.BytesIO(file.getvalue())
    back = unsealed(whole, KEY, "a file")
    for number in range(20):
        assert back.read(CHUNK) == b"x" * CHUNK
        assert whole.tell() <= HEAD + (number + 3) * FRAME
