"""The whole suite: the tools, the site on SQLite and on PostgreSQL, and end to end in Chromium.

On PostgreSQL run the tests in which databases may differ, and as many others as make every kind
of statement that was made on SQLite (tests/support/statements.py).

What cannot run fails the command and says what is missing.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from chromium import chromium
from postgresql import postgresql

SITE = [
    *("-n", "2", "-p", "tests.support.statements"),
    *("tests", "--ignore=tests/e2e", "--ignore=tests/tooling"),
]
STATEMENTS = "var/test/statements.json"


def run(title: str, arguments: list[str], aside: bool = False, **environment: str) -> bool:
    """Runs a part; one that runs aside another is shown when it is over."""
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    environment = {**os.environ, **environment}
    if not aside:
        print(f"\n== {title}", flush=True)
        return subprocess.run(command, env=environment).returncode == 0
    with tempfile.TemporaryFile("w+") as said:
        code = subprocess.run(command, env=environment, stdout=said, stderr=said).returncode
        said.seek(0)
        print(f"\n== {title}\n{said.read()}", flush=True)
    return code == 0


def main() -> None:
    subprocess.run([sys.executable, "manage.py", "compilemessages"], check=True)
    browser = chromium()
    all_of_it = [*SITE, "--record-statements", STATEMENTS]
    results = {"SQLite": run("The site on SQLite", all_of_it, DATABASE_URL="")}
    with postgresql() as address:
        here = [*SITE, "--covering", STATEMENTS]
        results["PostgreSQL"] = run("The site on PostgreSQL", here, DATABASE_URL=address)
    # The tools' tests mostly wait for packages, and the browser's are one process.
    tools = ["-n", "2", "--dist", "loadfile", "tests/tooling"]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(run, "The tools", tools, aside=True, DATABASE_URL="")
        results["Chromium"] = run(
            "End to end in Chromium", ["tests/e2e"], DATABASE_URL="", CHROMIUM=browser
        )
        results["tools"] = waiting.result()
    failed = [name for name, passed in results.items() if not passed]
    if failed:
        sys.exit("These parts failed: " + ", ".join(failed))
    print("\nEvery part passed: " + ", ".join(results))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
