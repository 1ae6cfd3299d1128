"""A demo's database that another version made is put aside, and made anew."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
INPUTS = """
    scripts/prepare.py manage.py cms/**/*.py requirements/base.txt
    */apps.py */migrations/*.py
"""


def prepare(database: Path, settings: str = "cms.settings.demo") -> str:
    done = subprocess.run(
        [sys.executable, "scripts/prepare.py", "migrate"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{database}",
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def ask(database: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(database)
    try:
        found = connection.execute(statement).fetchall()
        connection.commit()
    finally:
        connection.close()
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("made") / "demo.sqlite3"
    assert prepare(file) == ""
    return file


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Path:
    """As this version makes it, with something in it."""
    file = Path(shutil.copy(made, tmp_path))
    ask(file, "CREATE TABLE typed_by_somebody (id INTEGER)")
    return file


def tables(database: Path) -> set[object]:
    return {name for (name,) in ask(database, "SELECT name FROM sqlite_master")}


def test_what_this_version_made_stays(database: Path) -> None:
    assert prepare(database) == ""
    assert "typed_by_somebody" in tables(database)
    assert not database.with_name("demo.sqlite3.old").exists()


def test_what_another_one_made_is_put_aside_with_a_sentence(database: Path) -> None:
    [(layout,)] = ask(database, "PRAGMA user_version")
    ask(database, "PRAGMA user_version = 0")
    assert "made anew" in prepare(database)
    assert "typed_by_somebody" not in tables(database)
    assert "campaigns_petition" in tables(database)
    assert ask(database, "PRAGMA user_version") == [(layout,)]
    assert "typed_by_somebody" in tables(database.with_name("demo.sqlite3.old"))
    assert prepare(database) == ""
