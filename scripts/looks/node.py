"""Programs of others that run on Node or Java: the Nu checker, stylelint and Lighthouse.

They are installed from the lock file beside this one where npm is; elsewhere they are left out.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from scripts.looks.own_demo import KEPT, ROOT
from scripts.looks.table import Row, at_least, at_most, counted

HERE = Path(__file__).resolve().parent
FILES = ("package.json", "package-lock.json")
INSTALLED = KEPT / "node"
SHEETS = "cms/static/css/*.css"
TIMES = 5
# Rows of a table that are drawn as a grid on a phone say what they are, since some browsers would
# not tell it any more.
MEANT = re.compile("The “role” attribute must not be used on a “t[rhd]” element")
SCORE, PAINT = 100, 1500


def installed() -> Path | None:
    """The folder of the programs, made from the lock file when that has changed."""
    if not shutil.which("npm"):
        return None
    wanted = (HERE / FILES[1]).read_bytes()
    stamp = INSTALLED / "installed"
    if not (stamp.exists() and stamp.read_bytes() == wanted):
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copyfile(HERE / name, INSTALLED / name)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        subprocess.run(command, cwd=INSTALLED, check=True)
        stamp.write_bytes(wanted)
    return INSTALLED / "node_modules"


def nu(addresses: dict[str, str]) -> Row:
    name = "invalid HTML (Nu)"
    folder = installed()
    if folder is None or not shutil.which("java"):
        return Row(name, "nothing", "", left_out="since npm or Java is missing")
    with tempfile.TemporaryDirectory() as pages:
        # The checker itself asks nothing of this machine's addresses.
        for page, address in addresses.items():
            (Path(pages) / f"{page}.html").write_bytes(fetch(address))
        jar = folder / "vnu-jar" / "build" / "dist" / "vnu.jar"
        command = ["java", "-Xss1m", "-jar", str(jar), "--format", "json", "--errors-only", pages]
        found = subprocess.run(command, capture_output=True, text=True)
    by_text = defaultdict(list)
    for each in json.loads(found.stderr)["messages"]:
        if not MEANT.match(each["message"]):
            by_text[each["message"]].append(where(each))
    faults = [f"{text} {len(places)} ×, {places[0]}" for text, places in by_text.items()]
    return counted(name, len(addresses), faults)


def fetch(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address) as answer:
            found: bytes = answer.read()
    except urllib.error.HTTPError as missing:
        found = missing.read()
    return found


def where(message: dict[str, Any]) -> str:
    page = unquote(str(message.get("url", "")).rsplit("/", 1)[-1])
    return f"{page}:{message.get('lastLine')}: {message.get('extract', '').strip()[:80]!r}"


def stylelint() -> Row:
    name = "style sheets (stylelint)"
    folder = installed()
    if folder is None:
        return Row(name, "nothing", "", left_out="since npm is missing")
    # It looks for what its settings extend beside them.
    settings = INSTALLED / "stylelint.json"
    shutil.copyfile(HERE / "stylelint.json", settings)
    sheets = sorted(str(path) for path in ROOT.glob(SHEETS))
    program = folder / "stylelint" / "bin" / "stylelint.mjs"
    command = ["node", str(program), "--config", str(settings), "--formatter", "unix", *sheets]
    said = subprocess.run(command, capture_output=True, text=True)
    text = said.stdout + said.stderr
    faults = [line.removeprefix(f"{ROOT}/") for line in text.splitlines() if line.startswith("/")]
    if said.returncode and not faults:
        faults = [text]
    return counted(name, len(sheets), faults)


def lighthouse(addresses: list[str], browser: str) -> list[Row]:
    folder = installed()
    if folder is None:
        return [Row("Lighthouse", "100", "", left_out="since npm is missing")]
    scores: dict[str, float] = {}
    paints: dict[str, float] = {}
    for address in addresses:
        runs = [run_lighthouse(folder, address, browser) for _number in range(TIMES)]
        page = "/" + address.split("/", 3)[3]
        for kind in runs[0]["categories"]:
            scores[f"{page} {kind}"] = round(
                100 * statistics.median(run["categories"][kind]["score"] or 0 for run in runs)
            )
        paint = (run["audits"]["largest-contentful-paint"]["numericValue"] for run in runs)
        paints[page] = round(statistics.median(paint))
    return [
        at_least(f"Lighthouse, phone, median of {TIMES}", SCORE, "", scores),
        at_most("largest paint on slow 4G", PAINT, "ms", paints),
    ]


def run_lighthouse(folder: Path, address: str, browser: str) -> dict[str, Any]:
    flags = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run"
    quiet = "--disable-background-networking --disable-component-update --disable-sync"
    command = [
        *("node", str(folder / "lighthouse" / "cli" / "index.js"), address),
        *("--output=json", "--quiet", f"--chrome-flags={flags} {quiet}"),
    ]
    environment = {**os.environ, "CHROME_PATH": browser}
    said = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    result: dict[str, Any] = json.loads(said.stdout)
    return result
