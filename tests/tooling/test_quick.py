"""`make check` runs the tests that ask no database and start nothing, whichever these are."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PLUGIN = ["-p", "tests.cms.quick", "--quick", "--collect-only", "-q"]
PURE = """
import pytest

@pytest.fixture
def db(): ...

@pytest.fixture
def petition(db): ...

@pytest.fixture(autouse=True)
def calm(): ...

def test_words(): ...
def test_words_of_a_file(tmp_path): ...
@pytest.mark.parametrize("one", [1, 2])
def test_each(one): ...

def test_row(db): ...
def test_row_by_way_of_another(petition): ...
@pytest.mark.django_db
def test_row_by_mark(): ...

class TestRows:
    pytestmark = pytest.mark.django_db
    def test_row_of_a_class(self): ...
"""
STARTING = "import subprocess\ndef test_program(): ..."
INI = "[pytest]\nmarkers =\n    django_db"


def chosen(folder: Path, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *PLUGIN, *arguments],
        cwd=folder,
        # Whatever whoever runs this suite wants to see of it.
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": "", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line}


def test_only_what_asks_no_database_and_starts_nothing_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(INI)
    (tmp_path / "test_pure.py").write_text(PURE)
    (tmp_path / "test_starting.py").write_text(STARTING)
    assert chosen(tmp_path, "-p", "no:django") == {
        "test_words",
        "test_words_of_a_file",
        "test_each[1]",
        "test_each[2]",
    }


def test_the_suite_has_such_tests_of_hostile_input_and_none_of_signing() -> None:
    files = ["tests/launches/test_tables.py", "tests/signatures/test_sign.py"]
    found = chosen(ROOT, *files)
    assert any("hostile" in name for name in found)
    assert not any("sign" in name.partition("[")[0].split("_") for name in found)
