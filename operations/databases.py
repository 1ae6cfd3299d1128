"""Taking a database out whole, as it was at one moment, and putting it into an empty one.

PostgreSQL's by its own programs, SQLite's by its own copying while others write.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import IO, BinaryIO

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from security import pooler

# Beside the restored tables for as long as they are not to be used.
MARKER = "pidpys_unfinished_restore"
BLOCK = 256 * 1024
PROGRAM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin")

AWAY = "The database that DATABASE_URL names does not answer, so nothing was done."

Write = Callable[[bytes], object]


class DatabaseError(Exception):
    """In one sentence, why a database cannot be taken out or put in."""


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return {table.name for table in connection.introspection.get_table_list(cursor)}


def count_rows() -> dict[str, int]:
    """Of every table, a full-text index's own among them."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(tables() - {MARKER}):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = cursor.fetchone()[0]
    return counts


def is_marked_unfinished() -> bool:
    return MARKER in tables()


def refuse_a_pooler() -> None:
    """PostgreSQL's programs change a connection's settings, which others would be served with.

    Raises: DatabaseError, where one like PgBouncer stands before the database.
    """
    if pooler.stands_before(connection):
        raise DatabaseError(
            "DATABASE_URL names a pooler, like PgBouncer, so nothing was done: name the database's "
            "own server in it for this command."
        )


def refuse_unless_empty() -> None:
    """Raises: DatabaseError, where the database holds anything."""
    found = tables()
    if found - {MARKER}:
        raise DatabaseError(
            "This database holds a restore that was not finished: make it anew, empty, and restore "
            "again."
            if MARKER in found
            else "This database is not empty, and a restore writes over nothing: name an empty one "
            "in DATABASE_URL."
        )


def end_restore() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {MARKER}")


def version() -> int:
    """The major version of PostgreSQL; 0 for SQLite."""
    return connection.pg_version // 10_000 if connection.vendor == "postgresql" else 0  # type: ignore[attr-defined]


@contextmanager
def snapshot() -> Iterator[Callable[[Write], None]]:
    """A moment at which the database stands still for whoever asks through `connection`.

    Yields what writes all of it out.
    """
    taken = _postgresql if connection.vendor == "postgresql" else _sqlite
    with taken() as write_out:
        yield write_out


@contextmanager
def _postgresql() -> Iterator[Callable[[Write], None]]:
    refuse_a_pooler()
    program = _program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        name = cursor.fetchone()[0]

        def write_out(write: Write) -> None:
            # What is encrypted hardly gets smaller, so that more effort gains little.
            options = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges"]
            command, environment = _command(program, *options, f"--snapshot={name}")
            with _running(command, environment, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None  # noqa: S101
                _copy(process.stdout, write)

        yield write_out


def _copy(file: IO[bytes], write: Write) -> None:
    for block in iter(lambda: file.read(BLOCK), b""):
        write(block)


@contextmanager
def _sqlite() -> Iterator[Callable[[Write], None]]:
    """The copy lies beside the database, as well protected, and is deleted at once."""
    path = Path(str(connection.settings_dict["NAME"]))
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="backup-") as folder:
        copy = Path(folder) / "copy.sqlite3"
        source, target = sqlite3.connect(path), sqlite3.connect(copy)
        with source, target:
            source.backup(target)
        source.close()
        target.close()

        def write_out(write: Write) -> None:
            with copy.open("rb") as file:
                _copy(file, write)

        # What is counted is counted in the copy.
        connection.close()
        connection.settings_dict["NAME"] = str(copy)
        try:
            yield write_out
        finally:
            connection.close()
            connection.settings_dict["NAME"] = str(path)


def put_in(dump: BinaryIO) -> None:
    """All of it or nothing, into a database that `refuse_unless_empty` found empty.

    Raises: DatabaseError.
    """
    if connection.vendor == "postgresql":
        _put_in_postgresql(dump)
    else:
        _put_in_sqlite(dump)


def _put_in_postgresql(dump: BinaryIO) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {MARKER} ()")
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    command, environment = _command(_program("pg_restore"), *options)
    # In place of the database's name, which the others take without an option.
    command[-1:] = ["--dbname", command[-1]]
    with _running(command, environment, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101
        shutil.copyfileobj(dump, process.stdin, BLOCK)
        process.stdin.close()
    connection.close()


def _put_in_sqlite(dump: BinaryIO) -> None:
    path = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="restore-") as folder:
        copy = Path(folder) / "copy.sqlite3"
        with copy.open("wb") as file:
            shutil.copyfileobj(dump, file, BLOCK)
        with sqlite3.connect(copy) as marked:
            marked.execute(f"CREATE TABLE IF NOT EXISTS {MARKER} (id integer)")
        marked.close()
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        os.replace(copy, path)


def _command(program: Path, *options: str) -> tuple[list[str], dict[str, str]]:
    """With the database as Django's own settings name it, its password in the environment."""
    found = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    arguments, environment = found
    return [str(program), *options, *arguments[1:]], {**os.environ, **(environment or {})}


@contextmanager
def _running(
    command: list[str], environment: dict[str, str], **pipes: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Raises: DatabaseError, in the program's own words."""
    # Into a file: a pipe that nobody reads stands still once it is full.
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=environment, stderr=said, **pipes)  # type: ignore[call-overload]
        try:
            yield process
        except BrokenPipeError:
            # It ended before it had read all, and says why.
            pass
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
            said.seek(0)
            words = " ".join(said.read().split())
    if process.returncode:
        raise DatabaseError(f"{Path(command[0]).name} failed and changed nothing: {words}")


def _program(name: str) -> Path:
    """The server's own, or a newer one, which knows older servers too."""
    folders = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep)]
    folders += [Path(part) for each in PROGRAM_FOLDERS for part in sorted(glob(each))]
    found = [(_major(folder / name), folder / name) for folder in folders]
    fitting = [each for each in found if each[0] >= version()]
    if not fitting:
        raise DatabaseError(
            f"{name} of PostgreSQL {version()} or later is not installed here: install "
            f"PostgreSQL's client programs, postgresql-client-{version()} on Debian."
        )
    return min(fitting, key=lambda each: each[0])[1]


def _major(program: Path) -> int:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0
