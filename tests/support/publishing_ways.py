"""Every place in the code, Wagtail's and ours, that can put a page live."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.support.source import ROOMS

PACKAGES = ("wagtail", "wagtail_localize", *ROOMS)
ACTIONS = {
    "PublishPageRevisionAction",
    "PublishRevisionAction",
    "publish",
    "publish_workflow_state",
    "save_target",
}
# Without it, a live copy of another page is a live page of its own.
OF_ITS_OWN = {"alias_of", "alias_of_id"}


def places() -> set[str]:
    """As `module.function`."""
    return {place for package in PACKAGES for place in places_in(package)}


def places_in(package: str) -> Iterator[str]:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    for path in root.rglob("*.py"):
        parts = path.relative_to(root.parent).with_suffix("").parts
        if not {"migrations", "test", "tests"} & set(parts):
            yield from within(ast.parse(path.read_text()), ".".join(parts))


def within(tree: ast.AST, name: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        inner = isinstance(node, ast.ClassDef | ast.FunctionDef)
        if publishes(node):
            yield name
        yield from within(node, f"{name}.{node.name}" if inner else name)  # type: ignore[attr-defined]


def publishes(node: ast.AST) -> bool:
    """A call that publishes, or a row that is made live by hand."""
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = called or (node.func.id if isinstance(node.func, ast.Name) else "")
        by_hand = any(word.arg == "live" and is_true(word.value) for word in node.keywords)
        return called in ACTIONS or (by_hand and called in {"update", "create"})
    if isinstance(node, ast.Assign):
        names = {each.attr for each in node.targets if isinstance(each, ast.Attribute)}
        return ("live" in names and not is_false(node.value)) or bool(names & OF_ITS_OWN)
    return False


def is_true(node: ast.AST) -> bool:
    return not is_false(node)


def is_false(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
