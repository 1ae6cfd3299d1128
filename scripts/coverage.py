"""How much of the rooms' code the site's tests run. Processes that tests start count, too."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.test import SITE

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "coverage"


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    environment = {**os.environ, "DATABASE_URL": ""}

    def coverage(*arguments: str) -> None:
        command = [sys.executable, "-m", "coverage", *arguments]
        if code := subprocess.call(command, cwd=ROOT, env=environment):
            sys.exit(code)

    coverage("run", "-m", "pytest", "-q", *SITE)
    coverage("combine", "--quiet")
    coverage("html", "--quiet")
    print(f"Line by line: {(FOLDER / 'html' / 'index.html').relative_to(ROOT)}\n")
    coverage("report", "--skip-covered")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
