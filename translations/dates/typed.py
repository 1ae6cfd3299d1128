"""Dates as people type them: 2022-06-04, 04.06.2022, 6/24/2022."""

import re
from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ][0:.Z]*)?")
NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
MONTH = re.compile(r"([12]\d{3})(?:-(\d{1,2}))?")
DAY_FIRST, MONTH_FIRST = "day first", "month first"


class AmbiguousError(ValueError):
    """A date that Americans and Europeans read differently."""

    def __init__(self, text: str, readings: Iterable[date]) -> None:
        first, second = (date_format(each, "DATE_FORMAT") for each in readings)
        reason = _("%(text)s may be %(first)s or %(second)s; write it like 2022-06-04")
        super().__init__(reason % {"text": text, "first": first, "second": second})


def readings(text: str) -> dict[str, date]:
    """The days that a text may mean, by the order of its numbers."""
    if iso := ISO.fullmatch(text):
        return days({DAY_FIRST: (iso[1], iso[2], iso[3])})
    if not (found := NUMBERS.fullmatch(text)):
        return {}
    first, separator, second, year = found.groups()
    orders = {DAY_FIRST: (year, second, first), MONTH_FIRST: (year, first, second)}
    # With dots nobody writes the month first.
    return days({DAY_FIRST: orders[DAY_FIRST]} if separator == "." else orders)


def days(orders: dict[str, tuple[str, str, str]]) -> dict[str, date]:
    """Those of the numbers that are days of the calendar."""
    found = {}
    for order, numbers in orders.items():
        try:
            found[order] = date(*map(int, numbers))
        except ValueError:
            continue
    return found


def order_of(texts: Iterable[str]) -> str:
    """The order in which a column's dates are written, where one of them leaves no doubt.

    Empty where none does, or where they contradict each other.
    """
    orders = set()
    for text in texts:
        if (found := NUMBERS.fullmatch(text)) and found[2] != ".":
            possible = readings(text)
            orders |= set(possible) if len(possible) == 1 else set()
    return orders.pop() if len(orders) == 1 else ""


def read(text: str, order: str = "") -> date:
    """Raises: AmbiguousError; ValueError, where the text is no date."""
    possible = readings(text)
    if len(set(possible.values())) > 1 and order not in possible:
        raise AmbiguousError(text, possible.values())
    if not possible:
        raise ValueError(text)
    return possible.get(order) or next(iter(possible.values()))


def partial(text: str) -> str:
    """A day, a month or a year as ISO 8601 writes it; empty for nothing.

    Raises: AmbiguousError; ValueError, where the text is none of them.
    """
    if not text:
        return ""
    if found := MONTH.fullmatch(text):
        year, month = found.groups()
        return f"{date(int(year), int(month or 1), 1):%Y-%m}" if month else year
    return read(text).isoformat()


def date_as_sentence(text: str) -> str:
    """What `partial` gave, in the reader's language; as it stands where it is something else."""
    year, *rest = text.split("-")
    try:
        day = date(int(year), *map(int, rest), *[1] * (2 - len(rest)))
    except (TypeError, ValueError):
        return text
    return date_format(day, ("Y", "YEAR_MONTH_FORMAT", "DATE_FORMAT")[len(rest)])
