"""The whole suite: the tools, the site on SQLite and on PostgreSQL, and end to end in Chromium.

What cannot run fails the command and says what is missing.
"""

import os
import subprocess
import sys

from chromium import chromium
from postgresql import postgresql

SITE = ["-n", "2", "tests", "--ignore=tests/e2e", "--ignore=tests/tooling"]


def run(title: str, arguments: list[str], **environment: str) -> bool:
    print(f"\n== {title}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}).returncode == 0


def main() -> None:
    subprocess.run([sys.executable, "manage.py", "compilemessages"], check=True)
    browser = chromium()
    results = {"SQLite": run("The site on SQLite", SITE, DATABASE_URL="")}
    with postgresql() as address:
        results["PostgreSQL"] = run("The site on PostgreSQL", SITE, DATABASE_URL=address)
    results["Chromium"] = run(
        "End to end in Chromium", ["tests/e2e"], DATABASE_URL="", CHROMIUM=browser
    )
    results["tools"] = run(
        "The tools", ["-n", "2", "--dist", "loadfile", "tests/tooling"], DATABASE_URL=""
    )
    failed = [name for name, passed in results.items() if not passed]
    if failed:
        sys.exit("These parts failed: " + ", ".join(failed))
    print("\nEvery part passed: " + ", ".join(results))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
