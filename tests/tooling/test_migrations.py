"""From the first release on, no migration is in the way of the release before."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.postgresql import postgresql

ROOT = Path(__file__).resolve().parent.parent.parent
INPUTS = "scripts/migrations.py scripts/postgresql.py requirements/test.txt"
SETTINGS = """
import environ
DATABASES = {"default": environ.Env().db_url("DATABASE_URL")}
INSTALLED_APPS = ["shop"]
USE_TZ = True
"""
HEAD = """
import django.db.models.functions
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [%s]
    operations = [%s]
"""
FIRST = """migrations.CreateModel("Thing", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=9)),
    ("note", models.CharField(max_length=9, null=True)),
])"""
FORBIDDEN = {
    "a column taken away": 'migrations.RemoveField("thing", "name")',
    "a column renamed": 'migrations.RenameField("thing", "name", "title")',
    "a table taken away": 'migrations.DeleteModel("Thing")',
    "a table renamed": 'migrations.RenameModel("Thing", "Item")',
    "a value demanded": (
        'migrations.AddField("thing", "new", models.IntegerField(default=1), '
        "preserve_default=False)"
    ),
    "a value demanded of a column": (
        'migrations.AlterField("thing", "note", models.CharField(max_length=9, default=""))'
    ),
    "another type": 'migrations.AlterField("thing", "name", models.IntegerField())',
}
ALLOWED = {
    "a column that may be empty": (
        'migrations.AddField("thing", "new", models.IntegerField(null=True))'
    ),
    "a column with the database's own default": (
        'migrations.AddField("thing", "new", models.IntegerField(db_default=1))'
    ),
    "a table": 'migrations.CreateModel("Item", [("id", models.BigAutoField(primary_key=True))])',
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "settings.py").write_text(SETTINGS)
    folder = tmp_path / "shop" / "migrations"
    folder.mkdir(parents=True)
    for path in (folder.parent, folder):
        (path / "__init__.py").touch()
    (folder / "0001_initial.py").write_text(HEAD % ("", FIRST))
    return tmp_path


def run(project: Path, address: str, *words: str) -> subprocess.CompletedProcess[str]:
    here = {"PYTHONPATH": f"{ROOT}:{project}", "DJANGO_SETTINGS_MODULE": "settings"}
    return subprocess.run(
        [sys.executable, *words],
        cwd=project,
        env={**os.environ, **here, "DATABASE_URL": address},
        capture_output=True,
        text=True,
    )


def lint(project: Path, address: str, *words: str) -> subprocess.CompletedProcess[str]:
    return run(project, address, str(ROOT / "scripts" / "migrations.py"), *words)


def add(project: Path, operation: str) -> None:
    second = HEAD % ('("shop", "0001_initial")', operation)
    (project / "shop" / "migrations" / "0002_next.py").write_text(second)


def test_before_the_first_release_everything_is_allowed(project: Path, address: str) -> None:
    add(project, FORBIDDEN["a column taken away"])
    assert lint(project, address).returncode == 0


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_afterwards_what_the_release_before_needs_stays(
    project: Path, address: str, kind: str
) -> None:
    assert lint(project, address, "--release").returncode == 0
    add(project, FORBIDDEN[kind])
    told = lint(project, address)
    assert told.returncode == 1, told.stdout
    assert "The release before could not go on" in told.stderr


@pytest.mark.parametrize("kind", ALLOWED)
def test_and_more_may_come(project: Path, address: str, kind: str) -> None:
    lint(project, address, "--release")
    add(project, ALLOWED[kind])
    told = lint(project, address)
    assert told.returncode == 0, told.stdout + told.stderr


def test_what_was_released_never_changes(project: Path, address: str) -> None:
    lint(project, address, "--release")
    path = project / "shop" / "migrations" / "0001_initial.py"
    path.write_text(path.read_text() + "\n")
    told = lint(project, address)
    assert told.returncode == 1
    assert told.stderr.strip().endswith("is not as it was: put it back, and add another.")
    assert told.stderr.count("\n") == 1
