"""Modules of hooks register and do nothing else."""

import ast

import pytest

from tests.support.source import modules

HOOKS = [
    found
    for pattern in ("**/wagtail_hooks.py", "**/wagtail_hooks/*.py")
    for found in modules(pattern)
]
# What a value is made with where nothing is decided.
DECIDING = (
    ast.If,
    ast.IfExp,
    ast.BoolOp,
    ast.Compare,
    ast.For,
    ast.While,
    ast.Try,
    ast.With,
    ast.Match,
    ast.Raise,
    ast.Assert,
    ast.Lambda,
    ast.NamedExpr,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.Yield,
    ast.YieldFrom,
    ast.Delete,
    ast.AugAssign,
    ast.AsyncFunctionDef,
)


def deeds(tree: ast.Module) -> list[int]:
    """The lines on which something is decided or changed."""
    found = [node.lineno for node in ast.walk(tree) if isinstance(node, DECIDING)]
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        found += [step.lineno for step in function.body if not registers(step)]
    # A class of its own is somebody's; within a registration it is what is registered.
    return found + [node.lineno for node in tree.body if isinstance(node, ast.ClassDef)]


def registers(step: ast.stmt) -> bool:
    """A return, a call, a docstring, or what is registered by a decorator."""
    if isinstance(step, ast.ClassDef | ast.FunctionDef):
        return bool(step.decorator_list)
    return isinstance(step, ast.Return) or (
        isinstance(step, ast.Expr) and isinstance(step.value, ast.Call | ast.Constant)
    )


@pytest.mark.parametrize(("path", "tree"), HOOKS, ids=[path for path, _tree in HOOKS])
def test_a_module_of_hooks_decides_nothing(path: str, tree: ast.Module) -> None:
    assert deeds(tree) == [], "this belongs to a function of the room"


@pytest.mark.parametrize(
    "source",
    [
        "def menu(user):\n    if user.is_staff:\n        return 1",
        "def menu(user):\n    return user and 1",
        "def menu(items):\n    return [item for item in items]",
        "def menu(items):\n    items[:] = []",
        "def menu(items):\n    yield 1",
        "class Menu:\n    pass",
    ],
)
def test_what_decides_is_found(source: str) -> None:
    assert deeds(ast.parse(source))
