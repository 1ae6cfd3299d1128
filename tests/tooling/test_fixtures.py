"""What tests share stands in conftests and plain modules, and no fixture is written twice."""

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.support.source import ROOT

Trees = dict[str, ast.Module]


@pytest.fixture(scope="module")
def trees() -> Trees:
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
        for path in sorted((ROOT / "tests").rglob("*.py"))
    }


def imported(tree: ast.Module) -> Iterator[str]:
    """What a file imports, each with the module that it is taken from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = f"{'tests.' * bool(node.level)}{node.module or ''}"
            yield from (f"{start}.{alias.name}" for alias in node.names)


def from_tests(tree: ast.Module) -> list[str]:
    return [
        name
        for name in imported(tree)
        if name.startswith("tests.") and any(part.startswith("test_") for part in name.split("."))
    ]


def fixtures(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            "fixture" in ast.unparse(decorator) for decorator in node.decorator_list
        ):
            yield node


def work(fixture: ast.FunctionDef) -> str:
    """What a fixture asks for and does, whatever it is called and says of itself."""
    body = fixture.body[1:] if ast.get_docstring(fixture) else fixture.body
    asked = [argument.arg for argument in fixture.args.args]
    return repr((list(map(ast.unparse, fixture.decorator_list)), asked, list(map(ast.dump, body))))


def written_twice(trees: Trees) -> list[list[str]]:
    found = defaultdict(list)
    for path, tree in trees.items():
        for fixture in fixtures(tree):
            found[work(fixture)].append(f"{path}: {fixture.name}")
    return [places for places in found.values() if len(places) > 1]


def test_no_module_takes_anything_from_a_test_module(trees: Trees) -> None:
    found = {path: names for path, tree in trees.items() if (names := from_tests(tree))}
    assert found == {}, "what two modules need stands in a conftest or a plain module"


def test_no_fixture_is_written_twice(trees: Trees) -> None:
    assert written_twice(trees) == [], "it stands in the conftest of the lowest folder both are in"


@pytest.mark.parametrize(
    "line",
    [
        "from tests.jobs.test_worker import drain",
        "from tests.jobs import test_worker",
        "from .test_worker import drain",
        "from . import test_worker",
        "from tests import test_worker as worker",
        "import tests.jobs.test_worker",
        "def late():\n    from tests.jobs.test_worker import drain",
    ],
)
def test_every_way_to_take_from_a_test_module_is_seen(line: str) -> None:
    assert from_tests(ast.parse(line))


@pytest.mark.parametrize(
    "line",
    ["from tests.jobs.conftest import drain", "from wagtail.images.tests import test_images"],
)
def test_other_imports_are_let_through(line: str) -> None:
    assert not from_tests(ast.parse(line))


FIXTURE = "@pytest.fixture\ndef boss(db: None) -> Client:\n    return login('boss')\n"


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (FIXTURE, True),
        (FIXTURE.replace("def boss", "def admin"), True),
        (FIXTURE.replace(":\n", ':\n    """Who may do all."""\n'), True),
        (FIXTURE.replace("'boss'", "'admin'"), False),
        (FIXTURE.replace("db: None", "site: SmallSite"), False),
        (FIXTURE.replace("fixture\n", "fixture(scope='module')\n"), False),
        (FIXTURE.replace("@pytest.fixture\n", ""), False),
    ],
)
def test_fixtures_are_the_same_by_what_they_do(other: str, is_same: bool) -> None:
    pair = {"one.py": ast.parse(FIXTURE), "two.py": ast.parse(other)}
    assert bool(written_twice(pair)) is is_same
