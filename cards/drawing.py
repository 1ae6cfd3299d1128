"""Draws a card as a picture. The design stands in `card.typ`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from library.glyphs import FONTS

HERE = Path(__file__).parent
DESIGN = HERE / "card.typ"
LOOK = DESIGN.read_text(encoding="utf-8")
WIDTH, HEIGHT = 1200, 630
# A point of the page is a pixel of the picture.
POINTS_PER_INCH = 72
# One compiler keeps the fonts for all cards, and draws one at a time.
_drawing = Lock()


@cache
def compiler() -> typst.Compiler:
    return typst.Compiler(DESIGN, root=HERE, font_paths=[FONTS], ignore_system_fonts=True)


def draw(card: Mapping[str, Any]) -> bytes:
    """A PNG of what a card says."""
    with _drawing:
        found = compiler().compile(
            format="png", ppi=POINTS_PER_INCH, sys_inputs={"card": json.dumps(card)}
        )
    assert isinstance(found, bytes), "it has one page"  # noqa: S101
    return found
