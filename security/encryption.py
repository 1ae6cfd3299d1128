"""Encryption of what people tell us, with keys from `FIELD_KEYS`.

AES-256-GCM with a random nonce. A ciphertext names its key, so that keys can be changed: the
first key encrypts, all of them decrypt. It is bound to its purpose, so that a value moved to
another column or use does not decrypt.
"""

import base64
import json
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from security.printable import Json

NONCE_BYTES = 12


class DecryptionError(Exception):
    """The text was changed, belongs elsewhere, or its key is not among `FIELD_KEYS`."""


@cache
def cipher(key: bytes) -> AESGCM:
    """Of one of the few keys there are, made once."""
    return AESGCM(key)


def encrypt(text: str, purpose: str) -> str:
    """Returns `key id.base64url(nonce + ciphertext)`, safe in addresses."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher(key).encrypt(nonce, text.encode(), purpose.encode())
    return f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"


def decrypt(token: str, purpose: str) -> str:
    """Raises: DecryptionError."""
    key_id, _, encoded = token.partition(".")
    try:
        sealed = base64.b64decode(
            encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True
        )
        opened = cipher(settings.FIELD_KEYS[key_id])
        plain = opened.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
        return plain.decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise DecryptionError("this text cannot be decrypted") from error


class EncryptedTextField(models.TextField):
    """A text that the database holds encrypted; an empty one stays empty."""

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: str | None) -> str | None:
        value = super().get_prep_value(value)
        return encrypt(value, self.purpose) if value else value

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> Json:
        return decrypt(value, self.purpose) if value else value


class EncryptedJSONField(EncryptedTextField):
    """Names with values that the database holds encrypted; none at all are an empty text."""

    # What the attribute takes and gives, for the type checker.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Json) -> str | None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
        return super().get_prep_value(text)

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> Json:
        return json.loads(decrypt(value, self.purpose)) if value else {}
