"""Mutants: which ones a source has, and that noticed ones are told from those that live on."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.mutants import PARTS
from scripts.mutations import mutants
from scripts.unchanged import ROOT

WEIGHED = '''
"""A module."""
LEAST = 3

def weighed(number, bonus=2):
    return number + bonus >= LEAST

def unseen(number):
    return number
'''
NOTICING = """
from weighing import LEAST, weighed

def test_boundary():
    assert LEAST == 3
    assert weighed(1)
    assert not weighed(0)
"""
TRYING = """
import sys
from pathlib import Path
import pytest
from scripts.mutants import Run

run = Run(Path("weighing.py").resolve(), "weighing", {})
assert pytest.main(["-qq", "-s", *sys.argv[1:]], plugins=[run]) == 0
print(run.killed, run.survived)
"""


def made(source: str) -> list[str]:
    """What stands after the arrow, for each mutant."""
    return [str(mutant).partition(" → ")[2] for mutant in mutants(ast.parse(source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c", ["a = b <= c", "a = b >= c"]),
        ("a = b == c", ["a = b != c"]),
        ("a = b is None", ["a = b is not None"]),
        ("a = b and c", ["a = b or c"]),
        ("a = not b", ["a = b"]),
        ("a = b - c", ["a = b + c"]),
        ("a = 9", ["a = 10", "a = 8"]),
        ("a = True", ["a = False"]),
        ("a = max(b)", ["a = min(b)"]),
        ("a = rows.filter(at__lt=b)", ["a = rows.exclude(at__lt=b)", "a = rows.filter(at__lte=b)"]),
        ("a = b == 'won'", ["a = b != 'won'", "a = b == 'won~'"]),
        ("def f(): call()", ["gone"]),
        ("def f(): return a", ["return None"]),
        ("def f(a=True): ...", ["def f(a=False):"]),
        ("if a: call()", ["if not a:", "if False:", "gone"]),
        ("a = [b for b in c if b]", ["a = [b for b in c if True]"]),
        ("a = b if c else d", ["a = b if not c else d"]),
    ],
)
def test_a_statement_has_these_mutants(source: str, expected: list[str]) -> None:
    assert made(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""Words."""',
        "from one import two",
        "a = _('Words %d', 1)",
        "def f(a: 'int | None') -> 'int | None': ...",
        "class A:\n    limit = 3",
        "def f():\n    return",
    ],
)
def test_words_types_and_imports_have_none(source: str) -> None:
    assert made(source) == []


def test_a_tree_is_as_it_was_after_its_mutants_are_named() -> None:
    tree = ast.parse(WEIGHED)
    assert [str(each) for each in mutants(tree)]
    assert ast.dump(tree) == ast.dump(ast.parse(WEIGHED))


def tried(folder: Path, tests: str) -> list[str]:
    (folder / "weighing.py").write_text(WEIGHED)
    (folder / "test_weighing.py").write_text(tests)
    done = subprocess.run(
        [sys.executable, "-c", TRYING, "-p", "no:django", "test_weighing.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{folder}", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if line]


def test_what_the_tests_notice_is_killed_and_the_rest_named(tmp_path: Path) -> None:
    """Of a constant that was imported, a default, an operator, and a function nobody calls."""
    *survivors, numbers = tried(tmp_path, NOTICING)
    assert numbers == "8 1"
    assert len(survivors) == 1
    assert "return number → return None (no test comes here)" in survivors[0]


def test_tests_that_look_at_nothing_kill_nothing(tmp_path: Path) -> None:
    blind = "from weighing import weighed\ndef test_calls(): weighed(1)"
    *survivors, numbers = tried(tmp_path, blind)
    assert numbers == "0 9"
    assert len(survivors) == 9


def test_no_score_without_tests_that_pass(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="fails already"):
        tried(tmp_path, NOTICING.replace("weighed(1)", "not weighed(1)"))


@pytest.mark.parametrize("name", PARTS)
def test_every_part_and_its_tests_are_there(name: str) -> None:
    for file in (PARTS[name].file, *PARTS[name].tests):
        assert (ROOT / file).is_file()
