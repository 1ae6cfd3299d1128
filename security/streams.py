"""Files that only whoever has their key can read, change, shorten or exchange unseen.

AES-256-GCM in chunks, in the manner of age's STREAM (https://age-encryption.org/v1): the nonce is
the chunk's number and whether it is the last, so that none can be left out, repeated or moved. The
key is made for each file from the salt at its beginning and from its name, so that no file passes
for another.
"""

import hashlib
import io
import os
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from security.encryption import DecryptionError

MAGIC = b"pidpys sealed 1\n"
SALT_BYTES = 16
KEY_ID_BYTES = 8
CHUNK = 256 * 1024
TAG_BYTES = 16


class SealError(DecryptionError):
    """In one sentence, why a file cannot be opened."""


class OtherKeyError(SealError):
    """It is whole, perhaps, and was sealed with another key."""


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def derived(key: bytes, salt: bytes, meaning: str, length: int = 32) -> bytes:
    return HKDF(SHA256(), length, salt, f"pidpys/{meaning}".encode()).derive(key)


def key_id(key: bytes) -> bytes:
    """Tells a wrong key from a damaged file, and nothing about the key."""
    return derived(key, b"", "key id", KEY_ID_BYTES)


def nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealed(io.RawIOBase):
    """Writes into a file, sealed. Until it was finished, the file is not whole.

    The name tells what the file is, and opens it again.
    """

    def __init__(self, file: BinaryIO, key: bytes, name: str) -> None:
        salt = os.urandom(SALT_BYTES)
        self.file, self.aead = file, AESGCM(derived(key, salt, f"file/{name}"))
        self.number, self.waiting = 0, bytearray()
        self.hash, self.size = hashlib.sha256(), 0
        file.write(MAGIC + key_id(key) + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        block = bytes(data)
        self.waiting += block
        self.hash.update(block)
        self.size += len(block)
        # The last chunk is never an empty one after a full one.
        while len(self.waiting) > CHUNK:
            self._write(bytes(self.waiting[:CHUNK]), is_last=False)
            del self.waiting[:CHUNK]
        return len(block)

    def _write(self, chunk: bytes, is_last: bool) -> None:
        self.file.write(self.aead.encrypt(nonce(self.number, is_last), chunk, None))
        self.number += 1

    def finish(self) -> dict[str, Any]:
        """Writes the end, and tells what was sealed: its length, and its checksum."""
        self._write(bytes(self.waiting), is_last=True)
        return {"bytes": self.size, "sha256": self.hash.hexdigest()}


class Unsealed(io.RawIOBase):
    """Reads what was sealed. Raises SealError, at the latest where the file ends too soon."""

    def __init__(self, file: BinaryIO, key: bytes, name: str) -> None:
        head = file.read(len(MAGIC) + KEY_ID_BYTES + SALT_BYTES)
        if len(head) < len(MAGIC) + KEY_ID_BYTES + SALT_BYTES or not head.startswith(MAGIC):
            raise SealError(f"{name} is damaged: it does not begin as a sealed file does.")
        own_id, salt = head[len(MAGIC) : -SALT_BYTES], head[-SALT_BYTES:]
        if own_id != key_id(key):
            raise OtherKeyError(f"{name} was sealed with another key.")
        self.file, self.name = file, name
        self.aead = AESGCM(derived(key, salt, f"file/{name}"))
        self.number, self.rest, self.is_over = 0, b"", False
        self.ahead = file.read(CHUNK + TAG_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self.rest and not self.is_over:
            self._next()
        into = memoryview(buffer).cast("B")
        taken = self.rest[: len(into)]
        into[: len(taken)] = taken
        self.rest = self.rest[len(taken) :]
        return len(taken)

    def _next(self) -> None:
        chunk, self.ahead = self.ahead, self.file.read(CHUNK + TAG_BYTES)
        self.is_over = not self.ahead
        try:
            self.rest = self.aead.decrypt(nonce(self.number, self.is_over), chunk, None)
        except (InvalidTag, ValueError):
            raise SealError(
                f"{self.name} is damaged or not whole: take another copy of it."
            ) from None
        self.number += 1


def unsealed(file: BinaryIO, key: bytes, name: str) -> io.BufferedReader:
    return io.BufferedReader(Unsealed(file, key, name), CHUNK)
