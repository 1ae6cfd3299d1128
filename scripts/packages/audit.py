"""Asks the public lists of known faults about every package of the locks. Needs the network.

Usage: audit.py [REQUIREMENTS.txt ...], by default both locks. The auditor is no part of the locks:
uv fetches it into a place of its own, so that what it needs is never installed beside the site.
"""

import subprocess
import sys

AUDITOR = "pip-audit>=2.10,<3"
# Strict: a package that cannot be asked about is a failure, not a line that nobody reads. Without
# pip, since the locks hold every dependency with its hash.
OPTIONS = ["--strict", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
LOCKS = ["requirements/base.txt", "requirements/test.txt"]


def command(locks: list[str]) -> list[str]:
    files = [part for lock in locks for part in ("--requirement", lock)]
    run = [sys.executable, "-m", "uv", "tool", "run", "--no-config", "--from", AUDITOR]
    return [*run, "pip-audit", *OPTIONS, *files]


def main() -> None:
    sys.exit(subprocess.call(command(sys.argv[1:] or LOCKS)))


if __name__ == "__main__":
    main()
