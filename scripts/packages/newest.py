"""The site's tests on SQLite with the newest Django, Wagtail and wagtail-localize there are.

It says early what a next release will ask of us. The environment in .venv is another one
afterwards, so the next command makes it anew.
"""

import subprocess
import sys
from pathlib import Path

NEWEST = ["django", "wagtail", "wagtail-localize"]
VENV = Path(__file__).resolve().parent.parent.parent / ".venv"


def main() -> None:
    for stamp in VENV.glob("ready-*"):
        stamp.unlink()
    pip = [sys.executable, "-m", "pip"]
    subprocess.run([*pip, "install", "--quiet", "--upgrade", *NEWEST], check=True)
    subprocess.run([*pip, "freeze"], check=True)
    sys.exit(subprocess.call([sys.executable, "scripts/test.py", "sqlite"]))


if __name__ == "__main__":
    main()
