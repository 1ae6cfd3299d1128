"""A picture of the last runs: how far each figure is from its goal, as SVG, which is text."""

import math
from collections.abc import Iterator
from html import escape
from typing import Any

Runs = list[dict[str, Any]]

WIDTH, NAMES, ROW, TOP, BOTTOM = 1180, 640, 22, 84, 40
# From a hundredth of what is allowed to a hundred times as much; what is beyond stands at the edge.
FARTHEST = 100.0
GOOD, BAD, OLD, INK, LINE = "#1b6e3c", "#b3261e", "#9aa4b2", "#1c2430", "#d5dae1"


def place(share: float) -> float:
    """Where a ratio stands, as a share of what its goal allows, by its logarithm."""
    within = min(max(share, 1 / FARTHEST), FARTHEST)
    return NAMES + (WIDTH - 40 - NAMES) * (math.log(within, FARTHEST) + 1) / 2


def share_of(result: dict[str, Any]) -> float:
    ratio, goal = float(result["ratio"]), float(result["goal"])
    # Where nothing at all is allowed, something is too much.
    return ratio / goal if goal else FARTHEST if ratio else 1 / FARTHEST


def chart(runs: Runs) -> str:
    """Of runs, the newest last; figures that the newest does not have are left out."""
    newest = runs[-1]
    height = TOP + ROW * len(newest["results"]) + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        text(16, 28, "How far each figure is from its goal", 'font-size="18" font-weight="700"'),
        text(16, 50, told(runs)),
        *axis(height),
    ]
    for number, result in enumerate(newest["results"]):
        parts.extend(row(TOP + ROW * number + ROW / 2, result, runs[:-1]))
    return "\n".join([*parts, "</svg>", ""])


def told(runs: Runs) -> str:
    newest = runs[-1]
    held = sum(each["holds"] for each in newest["results"])
    return (
        f"{newest['on']}, {newest['cores']} cores: {held} of {len(newest['results'])} hold. "
        f"Gray: the {len(runs) - 1} runs before. Left of the line is better than the goal."
    )


def axis(height: float) -> Iterator[str]:
    for share, name in ((0.01, "1 %"), (0.1, "10 %"), (1, "goal"), (10, "10 ×"), (100, "100 ×")):
        x, color = place(share), INK if share == 1 else LINE
        yield f'<line x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{height - BOTTOM}" stroke="{color}"/>'
        yield text(x, TOP - 12, name, 'text-anchor="middle"')


def row(y: float, result: dict[str, Any], before: Runs) -> Iterator[str]:
    name = f"{result['name']}: {result['value']} {result['unit']}"
    yield text(NAMES - 24, y + 4, name, f'text-anchor="end" fill="{INK}"')
    for run in before:
        for old in run["results"]:
            if old["name"] == result["name"]:
                yield f'<circle cx="{place(share_of(old)):.1f}" cy="{y}" r="3" fill="{OLD}"/>'
    color = GOOD if result["holds"] else BAD
    x = place(share_of(result))
    if result["holds"]:
        yield f'<circle cx="{x:.1f}" cy="{y}" r="5" fill="{color}"/>'
    else:
        # Told by its shape too.
        yield f'<rect x="{x - 5:.1f}" y="{y - 5}" width="10" height="10" fill="{color}"/>'


def text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y}" {more}>{escape(words)}</text>'
