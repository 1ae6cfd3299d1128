"""Whether `requirements/*.in` names what the code imports, and allows what the locks pin.

A package that is only there because another one needs it can go with that other one's next release.
"""

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from scripts.packages.locks import FOLDER, asked_for, locked

ROOT = FOLDER.parent
# These run with the packages of test.in; everything else is the site.
TOOLS = ("bench", "scripts", "tests")
# Written by Django, from what the models import.
GENERATED = "migrations"


# Reads every installed file's name, which takes seconds.
packages_distributions = functools.cache(metadata.packages_distributions)


def imported(source: str) -> Iterator[str]:
    """The top-level packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def is_our_own(name: str, file: Path, root: Path) -> bool:
    """A folder of the repository, or a script or a package beside the one that imports it.

    Or beside the folder that this one lies in, where a script there has led to it.
    """
    folders = [each for each in file.parents if each.is_relative_to(root)]
    beside = [
        path for each in folders for path in (each / f"{name}.py", each / name / "__init__.py")
    ]
    return (root / name).is_dir() or any(each.exists() for each in beside)


def undeclared(files: list[Path], root: Path = ROOT) -> Iterator[str]:
    """A line for each package that a file imports and the file of its kind does not ask for."""
    distributions = packages_distributions()
    declared = {
        kind: {canonicalize_name(each.name) for each in asked_for(kind, root / "requirements")}
        for kind in ("base", "test")
    }
    for file in files:
        place = file.relative_to(root)
        kind = "test" if place.parts[0] in TOOLS else "base"
        for name in sorted({*imported(file.read_text())} - sys.stdlib_module_names):
            packages = {canonicalize_name(each) for each in distributions.get(name, [])}
            if not is_our_own(name, file, root) and not packages & declared[kind]:
                wanted = " or ".join(sorted(packages)) or name
                yield f"{place} imports {name}: add {wanted} to requirements/{kind}.in."


def disallowed(folder: Path = FOLDER) -> Iterator[str]:
    """A line for each requirement that its lock does not keep to."""
    for kind in ("base", "test"):
        pinned = locked(kind, folder)
        for wanted in asked_for(kind, folder):
            name = canonicalize_name(wanted.name)
            versions = [each.version for each in pinned if each.name == name]
            if not any(wanted.specifier.contains(version) for version in versions):
                found = ", ".join(versions) or "none"
                yield f"{kind}.in asks for {wanted}, and {kind}.txt has {found}: run make lock."


def code() -> list[Path]:
    names = subprocess.check_output(["git", "ls-files", "*.py"], cwd=ROOT, text=True)
    files = [ROOT / name for name in names.splitlines()]
    return [file for file in files if GENERATED not in file.parts and file.exists()]


def main() -> None:
    if problems := [*undeclared(code()), *disallowed()]:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
