"""A table of redirects is sent to one web and may be imported by another."""

import os
import re
import tempfile
import time
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from wagtail.contrib.redirects.models import Redirect

from library import imported
from tests.support.logins import login

TABLE = "from,to\r\n/old-adress,https://petitions.example/новий/\r\n"


@pytest.fixture
def admin(db: None) -> Client:
    return login("administrator")


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a real site keeps it."""
    private = storages.create_storage(
        {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "private")},
        }
    )
    monkeypatch.setitem(vars(storages)["_storages"], "private", private)
    return tmp_path / "private" / imported.IMPORTS


def send(admin: Client) -> dict[str, str]:
    """Returns what the page asks back."""
    table = SimpleUploadedFile("redirects.csv", TABLE.encode())
    page = admin.post("/admin/redirects/import/", {"import_file": table}).content.decode()
    names = ("import_file_name", "input_format")
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in names}


def go_on(admin: Client, form: dict[str, str]) -> None:
    columns = {"from_index": "0", "to_index": "1", "permanent": "on"}
    admin.post("/admin/redirects/import/process/", form | columns)


def test_a_table_is_imported_on_a_machine_that_did_not_take_it(
    admin: Client, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = send(admin)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    go_on(admin, form)
    assert Redirect.objects.get().link == "https://petitions.example/новий/"
    assert list(folder.iterdir()) == []


def test_a_table_that_is_never_imported_is_deleted_with_the_next(
    admin: Client, folder: Path
) -> None:
    send(admin)
    (left,) = folder.iterdir()
    for hours in (23, 25):
        assert left.exists()
        then = time.time() - hours * 3600
        os.utime(left, (then, then))
        send(admin)
    assert not left.exists()
    assert len(list(folder.iterdir())) == 2
