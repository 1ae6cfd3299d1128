"""What `make looks` says of pictures and numbers."""

from pathlib import Path

from PIL import Image

from scripts.looks.components import changes, read_sheet, write_sheet
from scripts.looks.measures import contrast
from scripts.looks.table import Row, at_least, at_most, counted, report


def box(color: str, width: int = 60) -> Image.Image:
    return Image.new("RGB", (width, 40), color)


def test_a_sheet_keeps_every_picture(tmp_path: Path) -> None:
    found = {"bar": box("#123a6b"), "button": box("#f6c945", 90)}
    write_sheet(tmp_path / "sheet.png", found)
    kept = read_sheet(tmp_path / "sheet.png")
    assert {name: picture.size for name, picture in kept.items()} == {
        "bar": (60, 40),
        "button": (90, 40),
    }
    assert list(changes(kept, found)) == []


def test_a_component_that_changed_is_named() -> None:
    kept = {
        "bar": box("#123a6b"),
        "button": box("#f6c945"),
        "old": box("white"),
        "same": box("red"),
    }
    spotted = box("#f6c945")
    spotted.paste("black", (0, 0, 5, 5))
    now = {
        "bar": box("#123a6b", 61),
        "button": spotted,
        "new": box("white"),
        "same": box("#f50008"),
    }
    assert dict(changes(kept, now)) == {
        "bar": "was 60 × 40, has 61 × 40",
        "button": "differs in 1.0% of its pixels",
        "new": "is new",
        "old": "is gone",
    }


def test_what_does_not_hold_is_told_with_its_place() -> None:
    rows = [
        at_most("height", 560, "px", {"one": 560, "other": 561}),
        at_least("contrast", 3, ": 1", {"link": 4.5, "button": 2.9}),
        counted("axe", 12, []),
        Row("speed", "100", "", left_out="since npm is missing"),
    ]
    assert [row.holds for row in rows] == ["no", "no", "yes", "left out"]
    said = report(rows)
    assert "  other: 561 px" in said
    assert "  one:" not in said
    assert "  button: 2.9 : 1" in said
    assert "speed: left out, since npm is missing" in said


def test_contrast_is_what_wcag_computes() -> None:
    assert round(contrast((255, 255, 255), (0, 0, 0)), 2) == 21
    assert round(contrast((118, 118, 118), (255, 255, 255)), 2) == 4.54
