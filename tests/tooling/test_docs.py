"""What the pages for those who work on it say is so: links, commands, rooms, tests, decisions."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent.parent
DECISIONS = ROOT / "docs" / "decisions"
INDEX = DECISIONS / "README.md"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# A path of the repository in backticks, down to a test's name.
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
STATUS = re.compile(r"accepted|superseded by \[[^\]]+\]\([\w-]+\.md\)")


def pages() -> list[Path]:
    names = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        text=True,
    )
    return [ROOT / name for name in names.splitlines()]


def records() -> list[Path]:
    return sorted(set(DECISIONS.glob("*.md")) - {INDEX})


def text(name: str) -> str:
    return (ROOT / name).read_text()


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_leads_to_something(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        address, _, anchor = link.partition("#")
        if address.startswith(("https://", "mailto:")):
            continue
        target = (page.parent / address).resolve() if address else page
        assert target.exists(), f"{page.name} leads to {link}"
        assert not anchor or anchor in anchors(target), f"{page.name} leads to {link}"


def test_the_index_lists_exactly_the_decisions_as_they_are() -> None:
    rows = re.findall(r"^\| \[(.+)\]\(([\w-]+\.md)\) \| (.+) \| (\S+) \|$", INDEX.read_text(), re.M)
    listed = sorted((name, title, status, day) for title, name, status, day in rows)
    assert listed == [(path.name, *head(path)) for path in records()]


def head(record: Path) -> tuple[str, str, str]:
    """Title, status and date of a decision, which stand at its top in this order."""
    found = re.match(r"# (.+)\n\nStatus: (.+)\nDate: (\S+)\n\n", record.read_text())
    assert found, f"{record.name} has no title, status and date"
    title, status, day = found.groups()
    assert STATUS.fullmatch(status), record.name
    assert date.fromisoformat(day) >= date(2026, 11, 1), record.name
    return title, status, day


def named_tests() -> Iterator[tuple[str, str]]:
    for page in pages():
        yield from TEST.findall(page.read_text())


def test_a_test_that_a_page_names_is_there() -> None:
    named = list(named_tests())
    assert len(named) > 20
    for file, name in named:
        assert (ROOT / file).exists(), file
        if name:
            functions = {
                node.name
                for node in ast.walk(ast.parse(text(file)))
                if isinstance(node, ast.FunctionDef)
            }
            assert name in functions, f"{file}::{name}"


def our_apps() -> set[str]:
    return {name for name in settings.INSTALLED_APPS if (ROOT / name).is_dir()}


def test_every_room_has_its_sentence_and_its_floor() -> None:
    architecture = text("docs/architecture.md")
    rooms = re.findall(r"^\| `(\w+)` \| ", architecture, re.M)
    assert sorted(rooms) == sorted(our_apps())
    (picture,) = re.findall(r"Imports go down only:\n\n```\n(.*?)```", architecture, re.S)
    project = tomllib.loads(text("pyproject.toml"))
    (floors_held, *_others) = project["tool"]["importlinter"]["contracts"]
    assert [line.split() for line in picture.splitlines()] == [
        floor.split(" | ") for floor in floors_held["layers"]
    ]
    (floors,) = re.findall(r"```\n(┌.*?)```", text("CONTRIBUTING.md"), re.S)
    (readme,) = re.findall(r"^\| folder \| what \|\n(.*?)\n\n", text("README.md"), re.M | re.S)
    for room in our_apps():
        assert re.search(rf"\b{room}\b", picture)
        assert re.search(rf"\b{room}\b", floors)
        assert f"`{room}/`" in readme


def test_every_command_is_told_and_no_other() -> None:
    architecture = text("docs/architecture.md")
    told = set(re.findall(r"`manage\.py (\w+)`", architecture))
    # Wagtail's own of this name is replaced; the last app to name it is not ours alone.
    folders = ROOT.glob("*/management/commands/*.py")
    ours = {path.stem for path in folders if path.stem != "__init__"}
    assert told == ours
    assert ours <= set(get_commands())
    targets = set(re.findall(r"^([a-z]+):$", text("Makefile"), re.M))
    assert set(re.findall(r"`make (\w+)`", architecture)) == targets
    for name in ("README.md", "CONTRIBUTING.md", "docs/testing.md"):
        assert set(re.findall(r"^make (\w+)|`make (\w+)", text(name), re.M))
        for pair in re.findall(r"^make (\w+)|`make (\w+)", text(name), re.M):
            assert "".join(pair) in targets, name


def test_a_path_in_the_guide_to_contributing_is_there() -> None:
    named = re.findall(r"`([\w./-]+/[\w./-]*)`", text("CONTRIBUTING.md"))
    made_at_home = {"/dev/mail/", "var/demo.sqlite3"}
    for name in set(named) - made_at_home:
        found = [ROOT / name, *ROOT.glob(f"*/{name.rstrip('/')}"), *ROOT.glob(f"*/{name}.py")]
        assert any(path.exists() for path in found), name
