"""Small numbers are put together, so that none of them is about somebody.

See docs/decisions/how-we-count.md.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from signatures.shown.places import OTHER, SMALLEST, fold

WEEK = timedelta(days=7)


def fold_days(days: Mapping[date, int]) -> dict[str, int]:
    """By day, or by week where a day has under ten; weeks under ten go with a neighbor.

    Its names are dates or, with a slash between them, the first and the last of several.
    """
    weeks: dict[date, dict[date, int]] = defaultdict(dict)
    for day, number in sorted(days.items()):
        weeks[day - timedelta(days=day.weekday())][day] = number
    told: dict[str, int] = {}
    for block in _blocks({week: sum(found.values()) for week, found in weeks.items()}):
        found = weeks[block[0]]
        if len(block) == 1 and min(found.values()) >= SMALLEST:
            told |= {str(day): number for day, number in found.items()}
        else:
            last = block[-1] + WEEK - timedelta(days=1)
            told[f"{block[0]}/{last}"] = sum(sum(weeks[week].values()) for week in block)
    return told


def _blocks(weeks: Mapping[date, int]) -> list[list[date]]:
    """Weeks in their order, as few together as make ten; the last of them take what is left."""
    blocks: list[list[date]] = []
    rest: list[date] = []
    for week in weeks:
        rest.append(week)
        if sum(weeks[each] for each in rest) >= SMALLEST:
            blocks.append(rest)
            rest = []
    if rest and blocks:
        blocks[-1] += rest
    elif rest:
        blocks.append(rest)
    return blocks


def fold_languages(told: Mapping[str, int], confirmed: int) -> dict[str, int]:
    """Languages as they are told in steps; who came or left since counts with the largest."""
    folded = fold(told)
    if not folded:
        return {OTHER: confirmed} if confirmed else {}
    largest = max(folded, key=lambda language: folded[language])
    folded[largest] += confirmed - sum(folded.values())
    return folded if folded[largest] >= SMALLEST else fold_languages({}, confirmed)
