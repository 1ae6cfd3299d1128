"""Which tests of the tools may be left out: what they try is as it was when they last passed.

A slow file says what it tries in INPUTS, by patterns with space between them. One that says
nothing always runs.
"""

import ast
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "tests/tooling"
PASSED = "var/test/tooling.json"
# What each of them depends on beside its own inputs.
ALWAYS = ("requirements/test.txt", "scripts/unchanged.py")


def checksum(patterns: Iterable[str], root: Path = ROOT) -> str:
    found = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        if path.is_file():
            found.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def inputs(file: Path) -> list[str]:
    """Read, not imported: a file that is left out costs nothing."""
    for statement in ast.parse(file.read_text()).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "INPUTS":
            return str(ast.literal_eval(statement.value)).split()
    return []


def states(root: Path = ROOT) -> dict[str, str]:
    """Of every file that says what it tries, under this Python."""
    found = {}
    for file in sorted((root / FOLDER).glob("test_*.py")):
        if wanted := inputs(file):
            name = file.relative_to(root).as_posix()
            found[name] = f"{checksum([name, *wanted, *ALWAYS], root)} {sys.version}"
    return found


def unchanged(now: dict[str, str], root: Path = ROOT) -> list[str]:
    file = root / PASSED
    passed = json.loads(file.read_text()) if file.exists() else {}
    return [name for name, state in now.items() if passed.get(name) == state]


def remember(now: dict[str, str], root: Path = ROOT) -> None:
    file = root / PASSED
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(now, indent=1))
