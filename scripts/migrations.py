"""Whether the release before goes on working while and after the migrations since it are applied.

Usage: migrations.py [--release]

Released migrations are listed, with their checksums, in deploy/released-migrations.txt, which
`--release` writes and every release commits. One that was released never changes. Those since then
may only add: what takes away or renames something, or demands a value that the code before does not
give, waits for the release after the next (docs/releases.md). Without the list there has been no
release, and nothing is looked at.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from scripts.postgresql import postgresql

LIST = Path("deploy/released-migrations.txt")


def migrations() -> dict[str, str]:
    """Those of the project, each with its checksum, by their paths."""
    found = sorted(Path().glob("*/migrations/[0-9]*.py"))
    return {path.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def released() -> dict[str, str]:
    lines = LIST.read_text().splitlines()
    return {path: checksum for checksum, _, path in (line.partition("  ") for line in lines)}


def release() -> None:
    LIST.parent.mkdir(exist_ok=True)
    LIST.write_text("".join(f"{checksum}  {path}\n" for path, checksum in migrations().items()))
    print(f"{len(migrations())} migrations are released: commit {LIST}.")


def changed(before: dict[str, str], now: dict[str, str]) -> list[str]:
    return [path for path, checksum in before.items() if now.get(path) != checksum]


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """Whatever database was named is left alone."""
    beside = server.rpartition("/")[0]
    name = f"pidpys_lint_{os.getpid()}"
    _execute(f"{beside}/postgres", f"CREATE DATABASE {name}")
    try:
        yield f"{beside}/{name}"
    finally:
        _execute(f"{beside}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


def _execute(address: str, statement: str) -> None:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def lint(new: list[str]) -> bool:
    """Looks at each, and then applies it, so that the next is asked of the tables as they are."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django_migration_linter import MigrationLinter

    django.setup()
    names = {(path.split("/")[0], Path(path).stem) for path in new}
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    linter = MigrationLinter(no_cache=True, quiet=["ok", "ignore"])
    for migration, _backwards in plan:
        key = (migration.app_label, migration.name)
        if key in names:
            linter.lint_migration(migration)
        call_command("migrate", *key, verbosity=0)
    return not linter.has_errors


def main() -> None:
    if sys.argv[1:] == ["--release"]:
        release()
        return
    if not LIST.exists():
        print("There was no release yet, so that no migration can be in its way.")
        return
    before, now = released(), migrations()
    if wrong := changed(before, now):
        sys.exit(f"{wrong[0]} was released and is not as it was: put it back, and add another.")
    if not (new := sorted(now.keys() - before.keys())):
        return
    with postgresql() as server, own_database(server) as address:
        os.environ["DATABASE_URL"] = address
        if not lint(new):
            sys.exit(
                "The release before could not go on beside these migrations: add now, and take "
                "away in the release after the next, see docs/releases.md."
            )


if __name__ == "__main__":
    main()
