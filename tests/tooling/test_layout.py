"""No folder is a heap: what holds more than twenty modules has a subject within it."""

import tomllib
from pathlib import Path

import pytest

from translations.languages import catalogues

ROOT = Path(__file__).resolve().parent.parent.parent
MOST = 20
FOLDERS = sorted(
    {
        file.parent.relative_to(ROOT)
        for top in ROOT.iterdir()
        if top.is_dir() and not top.name.startswith(".") and top.name != "var"
        for file in top.rglob("*.py")
        if "migrations" not in file.parts
    }
)


def modules(folder: Path) -> set[str]:
    """A package counts as one."""
    files = {file.stem for file in folder.glob("*.py")} - {"__init__", "conftest"}
    return files | {file.parent.name for file in folder.glob("*/__init__.py")} - {"migrations"}


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_a_folder_holds_at_most_twenty_modules(folder: Path) -> None:
    assert len(modules(ROOT / folder)) <= MOST, sorted(modules(ROOT / folder))


def test_every_list_of_the_rooms_has_all_of_them() -> None:
    rooms = {file.parent.name for file in ROOT.glob("*/apps.py")}
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    linter = tools["importlinter"]
    [floors, _inside, circles] = linter["contracts"]
    assert set(linter["root_packages"]) == set(circles["ancestors"]) == rooms
    assert {room.strip() for floor in floors["layers"] for room in floor.split("|")} == rooms
    assert set(tools["coverage"]["run"]["source"]) == rooms - {"demo"}
    assert set(catalogues.FOLDERS) == rooms | {"templates"}
