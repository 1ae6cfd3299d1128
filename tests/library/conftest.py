from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.files.storage import Storage, default_storage
from django.test import Client

from library.files import private_storage
from tests.support.factories import make_user


def files(storage: Storage, folder: str = "") -> Iterator[str]:
    folders, names = storage.listdir(folder)
    yield from (f"{folder}/{name}".lstrip("/") for name in names)
    for name in folders:
        yield from files(storage, f"{folder}/{name}".lstrip("/"))


def contents(storage: Storage) -> dict[str, bytes]:
    """All that is stored, by name."""
    found = {}
    for name in files(storage):
        with storage.open(name) as file:
            found[name] = file.read()
    return found


@pytest.fixture
def empty_storages() -> None:
    # It knows the files of renditions.
    cache.clear()
    for storage in (default_storage, private_storage()):
        for name in list(files(storage)):
            storage.delete(name)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user("olena", is_superuser=True))
    return client
