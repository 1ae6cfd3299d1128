"""Files that lie encrypted, of any length, read and written a chunk at a time.

AES-256-GCM over chunks, as in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a
chunk's nonce holds the file's random beginning, the chunk's number and whether it is the last. So a
chunk that was changed, moved, repeated or left out is not read, nor is a file that was cut short.
The context says what the file is, so that one file is not taken for another.
"""

import os
import struct
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from security.encryption import DecryptionError

KEY_BYTES, PREFIX_BYTES, TAG_BYTES = 32, 7, 16
CHUNK_BYTES = 64 * 1024


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + struct.pack(">I?", number, is_last)


class Encryptor:
    """Encrypts what comes in pieces of any size. One file each: `seal` is called once."""

    def __init__(self, key: bytes, context: str) -> None:
        self._cipher, self._context = AESGCM(key), context.encode()

    def seal(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        prefix = os.urandom(PREFIX_BYTES)
        yield prefix
        for number, (chunk, is_last) in enumerate(framed(pieces, CHUNK_BYTES)):
            yield self._cipher.encrypt(nonce(prefix, number, is_last), chunk, self._context)


class Decryptor:
    def __init__(self, key: bytes, context: str) -> None:
        self._cipher, self._context = AESGCM(key), context.encode()

    def open(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """What was sealed, chunk by chunk; each is checked before it is given out.

        Raises: DecryptionError. Of a file that was cut short, at its end.
        """
        found = iter(pieces)
        prefix = b""
        while len(prefix) < PREFIX_BYTES and (piece := next(found, b"")):
            prefix += piece
        rest, prefix = prefix[PREFIX_BYTES:], prefix[:PREFIX_BYTES]
        if len(prefix) < PREFIX_BYTES:
            raise DecryptionError("this file was cut short")
        chunks = framed(joined(rest, found), CHUNK_BYTES + TAG_BYTES)
        for number, (chunk, is_last) in enumerate(chunks):
            try:
                yield self._cipher.decrypt(nonce(prefix, number, is_last), chunk, self._context)
            except (InvalidTag, ValueError) as error:
                raise DecryptionError("this file was changed or cut short") from error


def joined(first: bytes, others: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def framed(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in frames of one size, each with whether it is the last; at least one."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True
