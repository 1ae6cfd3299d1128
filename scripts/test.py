"""The whole suite: the site on PostgreSQL and SQLite, end to end in Chromium, and the tools.

Usage: test.py [PART ...]. The parts are sqlite, postgresql, browser and tooling; none means all.

Every test of the site runs on PostgreSQL, except those that prove nothing about a database: they
run on SQLite, which is quicker. There run also the tests in which databases may differ, and as
many others as make every kind of statement that was made on PostgreSQL, which is found out by
tests/support/statements.py. With one of the two parts alone, all of them run on it.

Of the tools' tests, slow ones whose inputs have not changed since they passed are left out, and
named (scripts/unchanged.py). With EVERY_TEST set they run, as they do before a merge.

What cannot run fails the command and says what is missing.
"""

import os
import subprocess
import sys

from scripts import pgbouncer, unchanged
from scripts.chromium import chromium
from scripts.postgresql import postgresql

SITE = [
    # Neighbors stay in one process, and share what their module has made.
    *("-n", "2", "--dist", "worksteal", "-p", "tests.support.statements"),
    *("tests", "--ignore=tests/e2e", "--ignore=tests/tooling"),
]
TOOLS = ["-n", "2", "--dist", "loadfile", unchanged.FOLDER]
# The second fills the time in which the first waits for its pages.
BROWSER = ["-n", "2", "--dist", "worksteal", "tests/e2e"]
STATEMENTS = "var/test/statements.json"
PARTS = {"sqlite", "postgresql", "browser", "tooling"}


def run(title: str, arguments: list[str], **environment: str) -> bool:
    print(f"\n== {title}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}).returncode == 0


def make_templates(*databases: str) -> None:
    """Of all databases at once: migrating keeps one processor busy, for which all tests wait."""
    makers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.database"],
            env={
                **os.environ,
                "DATABASE_URL": each,
                "DJANGO_SETTINGS_MODULE": "cms.settings.test",
            },
        )
        for each in databases
    ]
    failed = [maker for maker in makers if maker.wait()]
    if failed:
        sys.exit("The tests' databases could not be made.")


def try_site(wanted: set[str]) -> dict[str, bool]:
    """On one database or both, one after the other."""
    results = {}
    both = {"postgresql", "sqlite"} <= wanted
    if "postgresql" in wanted:
        # Before any test, of which several would install it at once.
        pgbouncer.program()
        recording = ["--record-statements", STATEMENTS] if both else []
        with postgresql() as address:
            if both:
                make_templates(address, "")
            here = [*SITE, *recording]
            results["PostgreSQL"] = run("The site on PostgreSQL", here, DATABASE_URL=address)
    if "sqlite" in wanted:
        covering = ["--covering", STATEMENTS] if both else []
        results["SQLite"] = run("The site on SQLite", [*SITE, *covering], DATABASE_URL="")
    return results


def try_browser() -> bool:
    if other := os.environ.get("ENGINE"):
        install = ("playwright", "install", "--with-deps", other)
        subprocess.run([sys.executable, "-m", *install], check=True)
        journeys = [*BROWSER[:-1], "tests/e2e/test_signing.py"]
        return run(f"A signer's way in {other}", journeys, DATABASE_URL="")
    return run("End to end in Chromium", BROWSER, DATABASE_URL="", CHROMIUM=chromium())


def try_tools() -> bool:
    now = unchanged.states()
    left_out = [] if os.environ.get("EVERY_TEST") else unchanged.unchanged(now)
    if left_out:
        named = ", ".join(left_out)
        print(f"\nUnchanged since they passed, so left out without EVERY_TEST=1: {named}")
    passed = run("The tools", [*TOOLS, *(f"--ignore={name}" for name in left_out)], DATABASE_URL="")
    if passed:
        unchanged.remember(now)
    return passed


def main() -> None:
    wanted = set(sys.argv[1:]) or PARTS
    if unknown := wanted - PARTS:
        known, wrong = (", ".join(sorted(parts)) for parts in (PARTS, unknown))
        sys.exit(f"No such part: {wrong}. There are {known}.")
    if "browser" in wanted and not os.environ.get("ENGINE"):
        # Before anything else: whoever has no browser hears of it at once.
        chromium()
    results = try_site(wanted)
    if "browser" in wanted:
        results["Chromium"] = try_browser()
    if "tooling" in wanted:
        results["tools"] = try_tools()
    failed = [name for name, passed in results.items() if not passed]
    if failed:
        sys.exit("These parts failed: " + ", ".join(failed))
    print("\nEvery part passed: " + ", ".join(results))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
