"""The inner loop: lint, and beside it the tests that ask no database and start nothing."""

import os
import subprocess
import sys
import tempfile

LINT = [sys.executable, "scripts/lint.py"]
TESTS = [sys.executable, "-m", "pytest", "-q", "-p", "tests.cms.quick", "--quick", "tests"]


def main() -> None:
    # Whatever database is at hand: none is asked, and SQLite needs no server to be named.
    environment = {**os.environ, "DATABASE_URL": ""}
    with tempfile.TemporaryFile("w+") as said:
        lint = subprocess.Popen(LINT, stdout=said, stderr=subprocess.STDOUT)
        tests = subprocess.call(TESTS, env=environment)
        code = lint.wait()
        said.seek(0)
        print(f"\n{said.read()}", flush=True)
    if failed := [name for name, bad in (("tests", tests), ("lint", code)) if bad]:
        sys.exit("This failed: " + " and ".join(failed))
    print("Lint and the quick tests passed. `make test` runs all of them.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
