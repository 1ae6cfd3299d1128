"""Runs several management commands in one process, which is quicker than one each."""

import hashlib
import logging
import os
import sys
import zlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def collect_static_files() -> None:
    """Collects them, unless none has changed since they were last collected."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f"{root.name}.stamp")
    state = state_of_static_files()
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(state)


def state_of_static_files() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            about = os.stat(storage.path(path))
            digest.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def migrate() -> None:
    """Before the first release every app has one migration, which is written anew with each change
    of its models: a demo's database that was made by another one is put aside and made anew."""
    is_demos_file = settings.DEMO and connection.vendor == "sqlite"
    layout = state_of_migrations()
    if is_demos_file and connection.introspection.table_names() and layout_of_database() != layout:
        put_aside(Path(connection.settings_dict["NAME"]))
    call_command("migrate", verbosity=0)
    if is_demos_file:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA user_version = {layout}")


def state_of_migrations() -> int:
    """As a number that SQLite keeps in a file's head: of 31 bits, and not zero."""
    files = sorted(ROOT.glob("*/migrations/*.py"))
    return zlib.crc32(b"".join(path.read_bytes() for path in files)) >> 1 | 1


def layout_of_database() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        return int(cursor.fetchone()[0])


def put_aside(file: Path) -> None:
    connection.close()
    old = file.with_name(f"{file.name}.old")
    file.replace(old)
    for kind in ("-wal", "-shm"):
        file.with_name(file.name + kind).unlink(missing_ok=True)
    print(
        "The demo's database was made by another version of the program, so it is made anew. "
        f"The old one is kept as {old.name}.",
        flush=True,
    )


def run(command: str) -> None:
    if command == "collectstatic":
        collect_static_files()
    elif command == "migrate":
        migrate()
    else:
        call_command(command)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.demo")
    django.setup()
    # Building the demo is hundreds of edits, each of which is news to nobody.
    logging.disable(logging.INFO)
    for command in sys.argv[1:]:
        try:
            run(command)
        except CommandError as error:
            sys.exit(f"{command}: {error}")


if __name__ == "__main__":
    main()
