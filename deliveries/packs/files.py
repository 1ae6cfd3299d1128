"""The files of a pack: in the private storage, each encrypted, at no address."""

import hashlib
import io
from typing import BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction

from deliveries.models import Pack
from security import audit
from security.streams import Sealed, unsealed

FOLDER = "packs"
# The keys of the signatures that are named in it, and the checksums of the comments that it quotes;
# no part of what is handed over.
NAMED, QUOTED = "named", "quoted"


def storage() -> Storage:
    return storages["private"]


def path(pack: Pack, name: str) -> str:
    return f"{FOLDER}/{pack.pk}/{name}"


def write(pack: Pack, name: str, content: bytes) -> str:
    """Writes it anew, whatever a worker that died has left of it, and returns its checksum."""
    file, place = io.BytesIO(), path(pack, name)
    sealed = Sealed(file, bytes.fromhex(pack.key), place)
    sealed.write(content)
    sealed.finish()
    storage().delete(place)
    storage().save(place, ContentFile(file.getvalue()))
    return hashlib.sha256(content).hexdigest()


def read(pack: Pack, name: str) -> bytes:
    """Raises: SealError, where the file was changed."""
    place = path(pack, name)
    with storage().open(place) as file:
        return unsealed(cast("BinaryIO", file), bytes.fromhex(pack.key), place).read()


def delete(pack: Pack) -> None:
    """First the key, without which the files are noise, then the files."""
    with transaction.atomic():
        if not Pack.objects.filter(pk=pack.pk).exclude(key="").update(key=""):
            return
        audit.record("pack.deleted", rows=[pack.pk])
    try:
        _folders, names = storage().listdir(path(pack, ""))
    except FileNotFoundError:
        return
    for name in names:
        storage().delete(path(pack, name))
