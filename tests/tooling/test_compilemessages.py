"""Catalogues are compiled when they have changed, and by every run of the tests by itself."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path("uk") / "LC_MESSAGES"
LONG_AGO = 1_000_000_000


@pytest.fixture
def source(tmp_path: Path, settings: object) -> Path:
    settings.LOCALE_PATHS = [tmp_path]  # type: ignore[attr-defined]
    path = tmp_path / FOLDER / "django.po"
    path.parent.mkdir(parents=True)
    write(path, "Привіт")
    return path


def write(path: Path, text: str) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid="Hello", msgstr=text))
    catalogue.save(str(path))


def compiled(source: Path) -> str:
    (entry,) = polib.mofile(str(source.with_suffix(".mo")))
    return str(entry.msgstr)


def test_a_catalogue_that_was_never_compiled_is(source: Path) -> None:
    call_command("compilemessages")
    assert compiled(source) == "Привіт"
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_a_changed_catalogue_is_compiled_again(source: Path) -> None:
    call_command("compilemessages")
    os.utime(source.with_suffix(".mo"), (LONG_AGO, LONG_AGO))
    write(source, "Вітаю")
    call_command("compilemessages")
    assert compiled(source) == "Вітаю"


def test_one_that_has_not_changed_is_left_alone(source: Path) -> None:
    call_command("compilemessages")
    os.utime(source, (LONG_AGO, LONG_AGO))
    finished = source.with_suffix(".mo").stat()
    call_command("compilemessages")
    left = source.with_suffix(".mo").stat()
    assert (left.st_ino, left.st_mtime_ns) == (finished.st_ino, finished.st_mtime_ns)


def test_several_processes_at_once_leave_a_whole_catalogue(source: Path) -> None:
    code = (
        "from pathlib import Path; import sys\n"
        "from translations.management.commands.compilemessages import compile_catalogue\n"
        "for _ in range(20): compile_catalogue(Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, str(source)]
    call_command("compilemessages")

    def start(_number: int) -> int:
        return subprocess.run(command, cwd=ROOT).returncode

    with ThreadPoolExecutor() as pool:
        running = [pool.submit(start, number) for number in range(2)]
        while not all(each.done() for each in running):
            assert compiled(source) == "Привіт"
    assert [each.result() for each in running] == [0, 0]


def test_a_run_of_the_tests_begins_with_it(tmp_path: Path) -> None:
    """Nobody compiles anything by hand before a test can be run."""
    write_to = tmp_path / "locale" / FOLDER
    write_to.mkdir(parents=True)
    write(write_to / "django.po", "Привіт")
    (tmp_path / "settings_here.py").write_text(
        f"from cms.settings.test import *\nLOCALE_PATHS = [{str(tmp_path / 'locale')!r}]\n"
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "tests/translations/test_zones.py",
        ],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "settings_here", "PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    assert (write_to / "django.mo").exists()
