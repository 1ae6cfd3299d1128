"""A demo of one's own on loopback, which is gone afterwards."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts import run
from scripts.postgresql import free_port
from scripts.unchanged import checksum

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "var" / "looks"


@dataclass(frozen=True)
class OwnDemo:
    address: str
    environment: dict[str, str]

    def call(self, *command: str) -> str:
        """What a program of the project's says, in the demo's settings."""
        found = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return found.stdout

    def ask(self, module: str, function: str) -> dict[str, Any]:
        """What a function says that has the demo's database at hand."""
        code = f"import json; from {module} import {function}; print(json.dumps({function}()))"
        said = self.call("manage.py", "shell", "--verbosity", "0", "--command", code)
        found: dict[str, Any] = json.loads(said)
        return found


def seeded() -> Path:
    """The demo's database, kept as long as its data is the same."""
    state = checksum(["demo/data/*", "demo/pages.py", "*/migrations/*.py"])
    file = KEPT / f"demo-{state}.sqlite3"
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        for old in KEPT.glob("demo-*.sqlite3"):
            old.unlink()
        made = file.with_suffix(".part")
        made.unlink(missing_ok=True)
        OwnDemo("", of_database(made)).call("scripts/prepare.py", "migrate", "seed_demo")
        made.rename(file)
    return file


def of_database(file: Path, port: int = 8000) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "cms.settings.demo",
        "DATABASE_URL": f"sqlite:///{file}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "BASE_URL": f"http://localhost:{port}",
    }


@contextmanager
def own_demo(change: tuple[str, str] | None = None) -> Iterator[tuple[OwnDemo, dict[str, Any]]]:
    """Yields it, and what a function said that changed it before anybody looked."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "demo.sqlite3"
        shutil.copyfile(seeded(), file)
        port = free_port()
        demo = OwnDemo(f"http://localhost:{port}", of_database(file, port))
        # The site's own address has another port now.
        demo.call("scripts/prepare.py", "compilemessages", "collectstatic", "seed_demo")
        said = demo.ask(*change) if change else {}
        children = run.start(demo.environment, port, dev=False)
        try:
            run.wait_until_it_answers(children, port)
            yield demo, said
        finally:
            run.stop(children)
