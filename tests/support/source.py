"""The product's own code, to be read as trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
ROOMS = sorted(config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT)


def modules(pattern: str = "**/*.py") -> Iterator[tuple[str, ast.Module]]:
    """Each file of the rooms with its tree, by its path."""
    for room in ROOMS:
        for path in sorted((ROOT / room).glob(pattern)):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def calls(tree: ast.AST, name: str) -> list[int]:
    """The lines on which a function or method of this name is called."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and name in (getattr(node.func, "attr", ""), getattr(node.func, "id", ""))
    ]


def imported(tree: ast.AST) -> set[str]:
    """The modules that are imported anywhere in a file."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found
