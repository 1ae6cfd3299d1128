"""No folder is a heap: what holds more than twenty modules has a subject within it."""

from pathlib import Path

import pytest

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
