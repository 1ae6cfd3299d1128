"""PgBouncer as it is delivered, on a free port of this machine only, before a PostgreSQL."""

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import psycopg2

from scripts import debian
from scripts.postgresql import free_port, server_user

ROOT = Path(__file__).resolve().parent.parent
PLACES = "/usr/sbin:/usr/local/sbin"
MISSING = "PgBouncer is not installed: on Debian, apt-get install pgbouncer."


def program() -> str:
    """Where it stands, installed now if it can be. Ends the program where it is missing."""
    for _time in range(2):
        if found := shutil.which("pgbouncer") or shutil.which("pgbouncer", path=PLACES):
            return found
        debian.install("pgbouncer")
    sys.exit(MISSING)


def configuration(folder: Path, port: int, behind: SplitResult) -> str:
    """deploy/pgbouncer.ini, but for places and ports."""
    text = (ROOT / "deploy/pgbouncer.ini").read_text()
    text = text.replace("host=database port=5432", f"host={behind.hostname} port={behind.port}")
    text = re.sub(r"^listen_addr = .*$", "listen_addr = 127.0.0.1", text, flags=re.M)
    text = re.sub(r"^listen_port = .*$", f"listen_port = {port}", text, flags=re.M)
    return text.replace("/tmp/users", f"{folder}/users")


@contextlib.contextmanager
def running(address: str) -> Iterator[str]:
    """The address of the same database through it."""
    found = program()
    behind, port, user = urlsplit(address), free_port(), server_user()
    with tempfile.TemporaryDirectory(prefix="pidpys-pgbouncer-") as name:
        folder = Path(name)
        (folder / "users").write_text(f'"{behind.username}" "{behind.password}"\n')
        (folder / "conf").write_text(configuration(folder, port, behind))
        if user:
            # It refuses to run as root.
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, user)
        with (folder / "log").open("w") as log:
            process = subprocess.Popen([found, f"{folder}/conf"], user=user, stderr=log)
        try:
            netloc = f"{behind.username}:{behind.password}@127.0.0.1:{port}"
            pooled = behind._replace(netloc=netloc).geturl()
            wait_for(pooled)
            yield pooled
        finally:
            process.terminate()
            process.wait()


def wait_for(address: str) -> None:
    for _time in range(100):
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(address).close()
            return
        time.sleep(0.1)
    sys.exit("PgBouncer does not answer.")
