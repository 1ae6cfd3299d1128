"""The browser of the end-to-end tests: the system's, Playwright's, or one installed now."""

import os
import shutil
import subprocess
import sys

from scripts import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# What a browser that only looks at our pages does without.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """The path of a Chromium that runs."""
    if found := installed() or playwright_browser():
        return found
    print("No Chromium here: installing one …", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])
    if found := playwright_browser():
        return found
    debian.install("chromium")
    if found := installed():
        return found
    sys.exit("The browser tests need Chromium, and it could not be installed: please install it.")


def installed() -> str | None:
    named = [path for name in NAMES if (path := shutil.which(name))]
    given = os.environ.get("CHROMIUM")
    candidates = [given] if given else [*named, *APPLICATIONS]
    return next((path for path in candidates if runs(path)), None)


def playwright_browser() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if runs(path) else None


def runs(program: str) -> bool:
    """Some names only tell how to install a browser, and some lack their libraries."""
    try:
        return subprocess.run([program, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False
