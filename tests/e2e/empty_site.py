"""A site as its operator hands it over: migrated, with an editor and a translator, and no campaign.

It runs as in production, in processes of its own with a database of its own, a copy of what
migrations leave.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.run import start, stop, wait_until_it_answers

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "secret-pass"
USERS = (("olena", "editor", "all", "--publish"), ("taras", "translator", "uk"))
MAKE_USERS = (
    "from django.core.management import call_command\n"
    "from accounts.models import User\n"
    f"for name in {[name for name, *_role in USERS]}:\n"
    f"    User.objects.create_user(name, name + '@example.org', {PASSWORD!r})\n"
    f"for words in {USERS}:\n"
    "    call_command('assign', *words)"
)


@contextmanager
def empty_site(folder: Path, migrated: Path) -> Iterator[str]:
    """Yields its address."""
    shutil.copyfile(migrated, folder / "empty.sqlite3")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "cms.settings.demo",
        "DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3",
        "PORT": str(port),
        "BASE_URL": address,
    }

    def run(*command: str) -> None:
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)

    run("scripts/prepare.py", "collectstatic", "migrate")
    run("manage.py", "shell", "--verbosity", "0", "--command", MAKE_USERS)
    children = start(environment, port, dev=False)
    try:
        wait_until_it_answers(children, port)
        yield address
    finally:
        stop(children)
