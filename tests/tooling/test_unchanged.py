"""Slow tests of the tools are left out while what they try is unchanged, and never before a merge."""

import re
from pathlib import Path

import pytest

from scripts import unchanged
from scripts.unchanged import ROOT, inputs, remember, states

DECLARING = list(states())
NAME = "tests/tooling/test_tool.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A tool with a slow test that says what it tries, and a test that does not."""
    for name, text in {
        NAME: 'INPUTS = "scripts/*.py"\n',
        "tests/tooling/test_quick.py": "",
        "scripts/tool.py": "one",
        "scripts/unchanged.py": "",
        "requirements/test.txt": "pytest==9.0\n",
        "README.md": "words",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def left_out(project: Path) -> list[str]:
    return unchanged.unchanged(states(project), project)


def test_only_what_has_passed_as_it_is_now_is_left_out(project: Path) -> None:
    assert left_out(project) == []
    remember(states(project), project)
    assert left_out(project) == [NAME]
    (project / "README.md").write_text("other words")
    assert left_out(project) == [NAME]


@pytest.mark.parametrize(
    "changed", [NAME, "scripts/tool.py", "scripts/new.py", "requirements/test.txt"]
)
def test_whatever_it_tries_is_changed_it_runs_again(project: Path, changed: str) -> None:
    remember(states(project), project)
    with (project / changed).open("a") as file:
        file.write("\n# changed\n")
    assert left_out(project) == []


def test_nor_is_it_left_out_after_something_is_gone_or_under_another_python(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(states(project), project)
    with monkeypatch.context() as patch:
        patch.setattr("sys.version", "another")
        assert left_out(project) == []
    (project / "scripts" / "tool.py").unlink()
    assert left_out(project) == []


@pytest.mark.parametrize("name", DECLARING)
def test_what_a_file_says_it_tries_is_there(name: str) -> None:
    for pattern in inputs(ROOT / name):
        assert any(path.is_file() for path in ROOT.glob(pattern)), pattern


@pytest.mark.parametrize("name", DECLARING)
def test_a_file_says_of_every_path_that_it_names(name: str) -> None:
    """At least of those that stand in it as words."""
    file = ROOT / name
    said = {path for pattern in inputs(file) for path in ROOT.glob(pattern)}
    text = file.read_text()
    named = {ROOT / word for word in re.findall(r'"([\w./-]+\.\w+)"', text)}
    named |= {ROOT / "/".join(words) for words in re.findall(r'ROOT / "(\w+)" / "([\w.]+)"', text)}
    # A compiled catalogue follows from its source.
    assert {path for path in named if path.is_file() and path.suffix != ".mo"} <= said


def test_before_a_merge_all_of_them_run() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines.index("export EVERY_TEST=1") < lines.index("make test")
