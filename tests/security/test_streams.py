"""A file that was sealed opens as it was, or not at all."""

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security import streams
from security.encryption import DecryptionError
from security.streams import CHUNK_BYTES, PREFIX_BYTES, TAG_BYTES, Decryptor, Encryptor, new_key

pytestmark = pytest.mark.any_database
KEY = new_key()
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 5)
FRAME = CHUNK_BYTES + TAG_BYTES


def sealed(data: bytes, context: str = "a file", key: bytes = KEY) -> bytes:
    return b"".join(Encryptor(key, context).seal([data]))


def opened(data: bytes, context: str = "a file", key: bytes = KEY, piece: int = 1000) -> bytes:
    file = io.BytesIO(data)
    return b"".join(Decryptor(key, context).open(iter(lambda: file.read(piece), b"")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("piece", [3001, CHUNK_BYTES, FRAME, 10 * FRAME])
def test_it_opens_as_it_was_however_it_is_cut(size: int, piece: int) -> None:
    data = os.urandom(size)
    pieces = [data[at : at + piece] for at in range(0, size, piece)]
    assert opened(b"".join(Encryptor(KEY, "a file").seal(pieces)), piece=piece) == data


@pytest.mark.parametrize("size", SIZES)
def test_cut_short_anywhere_it_does_not_open(size: int) -> None:
    whole = sealed(b"x" * size)
    ends = {0, 1, PREFIX_BYTES, PREFIX_BYTES + TAG_BYTES, len(whole) - 1}
    ends |= {PREFIX_BYTES + n * FRAME for n in range(4)}
    for end in sorted(end for end in ends if end < len(whole)):
        with pytest.raises(DecryptionError):
            opened(whole[:end])


def test_chunks_in_another_order_left_out_or_repeated_do_not_open() -> None:
    whole = sealed(b"x" * (4 * CHUNK_BYTES + 7))
    prefix, rest = whole[:PREFIX_BYTES], whole[PREFIX_BYTES:]
    chunks = [rest[at : at + FRAME] for at in range(0, len(rest), FRAME)]
    orders = [[1, 0, 2, 3, 4], [0, 2, 1, 3, 4], [0, 1, 2, 4], [1, 2, 3, 4], [0, 0, 1, 2, 3, 4]]
    orders += [[0, 1, 2, 3], [0, 1, 2, 3, 4, 4]]
    for order in orders:
        with pytest.raises(DecryptionError):
            opened(prefix + b"".join(chunks[number] for number in order))


def test_nothing_is_given_out_before_it_was_checked() -> None:
    whole = bytearray(sealed(b"x" * (3 * CHUNK_BYTES)))
    whole[PREFIX_BYTES + FRAME + 5] ^= 1
    given_out: list[bytes] = []
    with pytest.raises(DecryptionError):
        given_out.extend(Decryptor(KEY, "a file").open([bytes(whole)]))
    assert given_out in ([], [b"x" * CHUNK_BYTES])


def test_another_key_or_another_files_name_does_not_open_it() -> None:
    whole = sealed(b"x" * 10)
    with pytest.raises(DecryptionError):
        opened(whole, key=new_key())
    with pytest.raises(DecryptionError):
        opened(whole, context="another file")


def test_the_same_twice_looks_different() -> None:
    assert sealed(b"x" * 100) != sealed(b"x" * 100)


@given(st.binary(max_size=300), st.data())
@settings(max_examples=150, deadline=None)
def test_any_changed_bit_is_noticed(data: bytes, draw: st.DataObject) -> None:
    whole = bytearray(sealed(data))
    place = draw.draw(st.integers(0, len(whole) * 8 - 1))
    whole[place // 8] ^= 1 << place % 8
    with pytest.raises(DecryptionError):
        opened(bytes(whole))


def test_it_holds_no_more_than_some_chunks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0

    def pieces() -> object:
        nonlocal taken
        for _number in range(100):
            taken += 1
            yield b"x" * CHUNK_BYTES

    out = streams.Encryptor(KEY, "a file").seal(pieces())  # type: ignore[arg-type]
    for number, _chunk in enumerate(out):
        assert taken <= number + 2
