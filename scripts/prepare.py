"""Runs several management commands in one process, which is quicker than one each."""

import hashlib
import logging
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command


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


def run(command: str) -> None:
    if command == "collectstatic":
        collect_static_files()
    elif command == "migrate":
        call_command("migrate", verbosity=0)
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
