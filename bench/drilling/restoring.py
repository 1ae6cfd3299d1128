"""A million signatures backed up and restored; the server's own log brought back to a moment."""

import shutil
import subprocess
import time
from collections.abc import Iterator

import psycopg2

from bench.drilling import inside
from bench.drilling.site import Site, size

SIGNATURES = size(1_000_000)
Row = tuple[str, str, bool]
# As docs/operators.md has it, with another folder and a shorter time.
ARCHIVING = (
    "-c wal_level=replica -c archive_mode=on -c archive_timeout={seconds} "
    "-c archive_command='test ! -f {folder}/%f && cp %p {folder}/%f'"
)


def million(site: Site, number: int = SIGNATURES) -> Iterator[Row]:
    from signatures import lifecycle
    from signatures.models import Signature

    inside.crowd(number)
    counted = Signature.objects.count()
    folder = site.folder / "backups"
    started = time.monotonic()
    site.manage("backup", str(folder))
    backed_up = time.monotonic() - started
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    gone = Signature.objects.confirmed().first()
    assert gone is not None
    lifecycle.withdraw(gone)
    site.manage("backup", str(folder), "--erasures")
    _execute(site.server.address, "CREATE DATABASE restored")
    address = site.server.address.rpartition("/")[0] + "/restored"
    started = time.monotonic()
    said = site.manage("restore", str(folder), DATABASE_URL=address)
    took = time.monotonic() - started
    rows = _ask(address, "SELECT count(*) FROM signatures_signature")
    status = _ask(address, f"SELECT status FROM signatures_signature WHERE id = '{gone.pk}'")
    told = f"{counted} signatures: backed up in {backed_up:.0f} s ({size:.0f} MB), restored in "
    told += f"{took:.0f} s; {rows} there, who withdrew since is {status}. {said.splitlines()[-1]}"
    holds = rows == counted and status == "withdrawn" and took <= 30 * 60
    yield "restore drill", told, holds
    _execute(site.server.address, "DROP DATABASE restored")


def point_in_time(site: Site) -> Iterator[Row]:
    """The base backup and the archived log, brought back to just before a mistake."""
    archive, base = site.server.folder / "archive", site.server.folder / "base"
    for folder in (archive,):
        folder.mkdir(exist_ok=True)
        if site.server.user:
            shutil.chown(folder, site.server.user)
    site.server.stop()
    site.server.start(ARCHIVING.format(seconds=5, folder=archive))
    address = site.server.address
    _run(site, "pg_basebackup", "-D", str(base), "-d", address, "--checkpoint=fast", "-X", "none")
    _execute(address, "CREATE TABLE drill (n integer, at timestamptz DEFAULT now())")
    for number in range(5):
        _execute(address, f"INSERT INTO drill VALUES ({number})")
    good = _ask(address, "SELECT now()::text")
    time.sleep(1)
    _execute(address, "DELETE FROM drill")
    last = _ask(address, "SELECT pg_walfile_name(pg_current_wal_lsn())")
    started = time.monotonic()
    # Nobody asks for it: the log is archived by the time alone.
    while not (archive / str(last)).exists() and time.monotonic() - started < 60:
        time.sleep(0.2)
    archived = time.monotonic() - started
    site.server.stop()
    started = time.monotonic()
    shutil.rmtree(site.server.data)
    base.rename(site.server.data)
    with (site.server.data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"restore_command = 'cp {archive}/%f %p'\n")
        settings.write(f"recovery_target_time = '{good}'\nrecovery_target_action = 'promote'\n")
    (site.server.data / "recovery.signal").touch()
    if site.server.user:
        for path in (site.server.data, *site.server.data.rglob("*")):
            shutil.chown(path, site.server.user)
    site.server.start()
    while _ask(address, "SELECT pg_is_in_recovery()"):
        time.sleep(0.2)
    took = time.monotonic() - started
    rows = _ask(address, "SELECT count(*) FROM drill")
    told = f"brought back to before a mistake in {took:.0f} s: {rows} of 5 rows; the log was "
    told += f"archived {archived:.0f} s after it, with archive_timeout 5 s in place of 300 s"
    yield "server's log", told, rows == 5 and archived < 60


def _run(site: Site, program: str, *arguments: str) -> None:
    subprocess.run(
        [str(site.server.programs / program), *arguments],
        check=True,
        user=site.server.user,
        cwd="/",
    )


def _execute(address: str, statement: str) -> None:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _ask(address: str, question: str) -> object:
    connection = psycopg2.connect(address)
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    connection.close()
    return row[0] if row else None
