"""The environment is made by the real script in a folder of its own, with a small lock."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
INPUTS = "scripts/environment.py"
BASE_PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
# Asks the script which Python it takes when it is run by the given one.
PICK = "import environment, sys; sys.executable = {old!r}; print(environment.find_python())"
# The folders beside the path hold none.
NOWHERE = "import environment; environment.FOLDERS = []\n"


def wheel(folder: Path, name: str, code: str) -> str:
    """Writes a package that pip can install; returns the line that locks it."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", code)
        archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n")
        archive.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{name}-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}==1.0 --hash=sha256:{digest}\n"


class Project:
    """A copy of the script with locks of its own, and a folder of wheels for an index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wheels = folder / "wheels"
        for name in ("scripts", "requirements", "wheels"):
            (folder / name).mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "environment.py", folder / "scripts")
        (folder / "hello.py").write_text("import django, sys; print(django.WORD, *sys.argv[1:])\n")
        self.lock("base", wheel(self.wheels, "django", "WORD = 'ready'"))
        self.lock("test", wheel(self.wheels, "django", "WORD = 'ready'"))

    def lock(self, kind: str, text: str) -> None:
        (self.folder / "requirements" / f"{kind}.txt").write_text(text)

    def command(self, kind: str, python: Path) -> list[str]:
        return [str(python), "scripts/environment.py", kind, "hello.py", "world"]

    def environment(self, **more: str) -> dict[str, str]:
        found = {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_CONFIG_FILE": os.devnull,
        }
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder)} | found | more

    def run(
        self, kind: str = "base", python: Path = BASE_PYTHON, **more: str
    ) -> tuple[int, str, str]:
        done = subprocess.run(
            self.command(kind, python),
            cwd=self.folder,
            env=self.environment(**more),
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def program(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def test_first_run_makes_the_environment_and_the_second_only_uses_it(project: Project) -> None:
    code, said, _ = project.run()
    assert (code, said.splitlines()[-1]) == (0, "ready world")
    assert project.run() == (0, "ready world\n", "")


def test_test_environment_serves_the_demo_too(project: Project) -> None:
    assert project.run("test")[0] == 0
    assert project.run("base") == (0, "ready world\n", "")


def test_changed_lock_is_installed(project: Project) -> None:
    project.run()
    project.lock("base", wheel(project.wheels, "django", "WORD = 'newer'"))
    assert project.run()[1].splitlines()[-1] == "newer world"


def test_half_made_environment_is_healed(project: Project) -> None:
    project.run()
    (project.folder / ".venv" / "ready-base").unlink()
    shutil.rmtree(next(project.folder.glob(".venv/lib/python*/site-packages/pip")))
    assert project.run()[1].splitlines()[-1] == "ready world"


def test_environment_whose_python_is_gone_is_healed(project: Project) -> None:
    project.run()
    for path in (project.folder / ".venv" / "bin").glob("python*"):
        path.unlink()
    assert project.run()[1].splitlines()[-1] == "ready world"


def test_run_with_the_environments_own_python_is_healed_too(project: Project) -> None:
    project.run()
    (project.folder / ".venv" / "ready-base").unlink()
    own = project.folder / ".venv" / "bin" / "python"
    assert project.run(python=own)[1].splitlines()[-1] == "ready world"


def test_interrupted_run_says_so_and_the_next_one_finishes(project: Project) -> None:
    process = subprocess.Popen(
        project.command("base", BASE_PYTHON),
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # What a shell runs in the background ignores the signal, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not (project.folder / ".venv").exists():
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, complaint = process.communicate()
    assert process.returncode != 0
    assert complaint == "Stopped. What was begun is finished by the next run.\n"
    assert project.run()[1].splitlines()[-1] == "ready world"


def test_two_runs_at_once_make_one_environment(project: Project) -> None:
    runs = [
        subprocess.Popen(
            project.command("base", BASE_PYTHON),
            cwd=project.folder,
            env=project.environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("Making the environment" in each for each in said) == 1


def test_unreachable_index_is_told_in_one_sentence(project: Project) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/simple"
        empty = str(project.folder / "scripts")
        code, _, complaint = project.run(
            PIP_NO_INDEX="0", PIP_INDEX_URL=address, PIP_FIND_LINKS=empty
        )
    assert code == 1
    assert complaint.startswith("The package index cannot be reached")
    assert complaint.count("\n") == 1


def test_altered_package_is_not_installed(project: Project) -> None:
    lock = (project.folder / "requirements" / "base.txt").read_text()
    wheel(project.wheels, "django", "WORD = 'altered'")
    project.lock("base", lock)
    code, _, complaint = project.run()
    assert code == 1
    assert complaint.startswith("A downloaded package is not the locked one")


def test_package_that_does_not_exist_is_named(project: Project) -> None:
    project.lock("base", "absent==1.0 --hash=sha256:" + "0" * 64 + "\n")
    code, _, complaint = project.run()
    assert code == 1
    assert "absent==1.0" in complaint
    assert complaint.count("\n") == 1


def test_user_settings_of_pip_do_not_change_where_packages_go(project: Project) -> None:
    elsewhere = str(project.folder / "elsewhere")
    code, said, _ = project.run(PIP_USER="1", PIP_TARGET=elsewhere, PYTHONPATH=elsewhere)
    assert (code, said.splitlines()[-1]) == (0, "ready world")


def pretend(version: str, folder: Path) -> Path:
    """A Python that says it is of that version, and is unable to do anything else."""
    return program(
        folder / "python3", f'[ "$1" = -I ] && echo "$0" && echo "{version}" && exit', "exit 1"
    )


def test_newer_python_is_found_when_python3_is_too_old(project: Project) -> None:
    found = program(
        project.folder / "bin" / f"python3.{sys.version_info[1]}", f'exec {BASE_PYTHON} "$@"'
    )
    old = pretend("3 9", project.folder / "old")
    said = subprocess.run(
        [sys.executable, "-c", PICK.format(old=str(old))],
        cwd=project.folder / "scripts",
        env=project.environment(PATH=f"{found.parent}:/usr/bin:/bin"),
        capture_output=True,
        text=True,
    )
    assert said.stdout.strip() == str(BASE_PYTHON)


def test_only_old_pythons_are_told_in_one_sentence(project: Project) -> None:
    old = pretend("3 9", project.folder / "old")
    said = subprocess.run(
        [sys.executable, "-c", NOWHERE + PICK.format(old=str(old))],
        cwd=project.folder / "scripts",
        env=project.environment(PATH=str(project.folder)),
        capture_output=True,
        text=True,
    )
    assert said.returncode == 1
    assert said.stderr.startswith(
        "Pidpys needs Python 3.11, 3.12, 3.13 or 3.14, and none was found"
    )
    assert said.stderr.count("\n") == 1


def test_python_without_venv_is_told_in_one_sentence(project: Project) -> None:
    bare = program(
        project.folder / "bare" / "python3",
        'case "$3" in *ensurepip*) exit 1;; esac',
        'echo "$0"; echo "3 12"',
    )
    said = subprocess.run(
        [sys.executable, "-c", NOWHERE + PICK.format(old=str(bare))],
        cwd=project.folder / "scripts",
        env=project.environment(PATH=str(project.folder)),
        capture_output=True,
        text=True,
    )
    assert said.returncode == 1
    assert "install the package python3.12-venv" in said.stderr
    assert said.stderr.count("\n") == 1
