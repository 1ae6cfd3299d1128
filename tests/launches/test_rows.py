"""What is wrong in the rows of a table: all of it at once, each mistake once, in any language."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from launches.columns import COLUMNS, MAYOR_COLUMNS, OPTIONAL, mayor_names
from tests.launches.tables import EUGENE, city, problems, table

pytestmark = pytest.mark.any_database

MAYOR = [*MAYOR_COLUMNS, *mayor_names("en").values(), *mayor_names("uk").values()]
ALL = [*EUGENE, *OPTIONAL, *MAYOR]
LONG = "1" * 400
# What no cell of the column may say, however little else is wrong.
WRONG = {
    "city": ["", "…", "=1+1", LONG],
    "state": ["", "…", "@x", LONG],
    "sister_city": ["", "—", "=1+1", LONG],
    "sister_region": ["", "—", "=1+1", LONG],
    "since": ["88", "year", "=1+1", LONG],
    "status": ["", "broken", "=1+1", LONG],
    "status_date": ["", "yesterday", "6/4/2022", "2999-01-01", "=1+1", LONG],
    "source_title": ["", "=1+1", LONG],
    "source_publisher": ["", "=1+1", LONG],
    "source_url": ["javascript:alert(1)", "=1+1", LONG],
    "source_language": ["xx", "=1+1", LONG],
    "checked_at": ["soon", "6/4/2022", "2022-06-03", "2999-01-01", "=1+1", LONG],
    "latitude": ["", "north", "91", "NaN", "=1+1", LONG],
    "longitude": ["", "east", "-181", "=1+1", LONG],
    "time_zone": ["Mars/Base", "=1+1", LONG],
    **{column: ["=1+1", LONG] for column in MAYOR},
    "mayor_email": ["nobody", "a@b", "=1+1", LONG],
    "mayor_phone": ["call us", "=1+1", LONG],
    "mayor_term_until": ["soon", "1/2/2028", "=1+1", LONG],
    "mayor_source": ["", "=1+1", LONG],
    "mayor_source_url": ["javascript:alert(1)", "=1+1", LONG],
    "mayor_checked_on": ["soon", "2999-01-01", "=1+1", LONG],
    "mayor_is_public": ["perhaps", "=1+1", LONG],
}
RIGHT = {"latitude": "44.05", "longitude": "-123.08", "time_zone": "", "source_language": "en"}
RIGHT |= {"mayor": "Jane Doe", "mayor_source": "The city’s page"}


def told(**changes: str) -> list[tuple[int, str, str]]:
    return problems(table({**EUGENE, **RIGHT, **changes}, columns=ALL))


def test_there_is_a_wrong_value_of_every_column() -> None:
    assert WRONG.keys() == {*COLUMNS, *OPTIONAL, *MAYOR}


@pytest.mark.parametrize(("column", "value"), [(c, v) for c in WRONG for v in WRONG[c]])
def test_one_mistake_is_told_once_at_its_column(column: str, value: str) -> None:
    assert [(line, where) for line, where, _reason in told(**{column: value})] == [(2, column)]


def test_all_mistakes_of_a_row_are_told_at_once() -> None:
    found = told(**{column: values[-1] for column, values in WRONG.items()})
    assert sorted(column for _line, column, _reason in found) == sorted(WRONG)


@pytest.mark.parametrize("column", WRONG)
def test_every_mistake_is_told_in_the_readers_language(column: str) -> None:
    for value in WRONG[column]:
        english = told(**{column: value})
        with translation.override("uk"):
            assert {reason for *_place, reason in told(**{column: value})}.isdisjoint(
                reason for *_place, reason in english
            )


@pytest.mark.parametrize("column", ["city", "state", "sister_city", "sister_region"])
@pytest.mark.parametrize("value", ["", "…", LONG])
def test_rows_that_lack_a_name_are_not_called_the_same_pair(column: str, value: str) -> None:
    rows = [city(1, **{column: value}) for _ in range(2)]
    assert [(line, where) for line, where, _reason in problems(table(*rows))] == [
        (2, column),
        (3, column),
    ]


def test_a_source_that_is_too_long_still_needs_its_publisher() -> None:
    found = told(source_title=LONG, source_publisher="")
    assert [column for _line, column, _reason in found] == ["source_title", "source_publisher"]


@pytest.mark.parametrize("days", [0, 1])
def test_a_report_of_today_is_no_report_of_the_future(days: int) -> None:
    day = timezone.localdate() + timedelta(days=days)
    row: dict[str, Any] = {**EUGENE, "status_date": day.isoformat(), "since": "88"}
    assert [column for _line, column, _reason in problems(table(row))] == [
        "since",
        *["status_date"] * days,
    ]
