"""Reads the table of cities to launch."""

import csv
import datetime
import io
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from campaigns.models import Tie

COLUMNS = [
    "city",
    "state",
    "sister_city",
    "sister_region",
    "since",
    "status",
    "status_date",
    "source_title",
    "source_publisher",
    "source_url",
]
REQUIRED = ("city", "state", "sister_city", "sister_region", "status")
NAME_COLUMNS = {
    "city": ("city", "of_city", "in_city", "with_city", "state"),
    "sister_city": (
        "sister_city",
        "of_sister_city",
        "in_sister_city",
        "with_sister_city",
        "sister_region",
    ),
}
FIELDS = ("name", "of_form", "in_form", "with_form", "region")
LONGEST = 500


@dataclass(frozen=True)
class Problem:
    """Where a data file is wrong, and why."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.column}: {self.reason}"


class DataFileError(Exception):
    """A data file cannot be used. Nothing was changed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class LaunchRow:
    """One city to launch. `names` holds further languages: per side, a CityName's fields."""

    city: str
    state: str
    sister_city: str
    sister_region: str
    since: int | None
    status: Tie.Status
    status_date: datetime.date | None
    source_title: str
    source_publisher: str
    source_url: str
    names: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)


def read(path: Path, languages: list[str]) -> list[LaunchRow]:
    """The rows of a CSV file in UTF-8.

    Raises:
        DataFileError: with every problem of the file.
    """
    name = path.name
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise DataFileError([Problem(name, 0, "file", reason)]) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DataFileError([Problem(name, line, "text", "is not UTF-8")]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    known = {
        *COLUMNS,
        *(f"{c}_{code}" for side in NAME_COLUMNS.values() for c in side for code in languages),
    }
    unknown = [column for column in reader.fieldnames or [] if column not in known]
    if unknown:
        raise DataFileError([Problem(name, 1, ", ".join(unknown), "there is no such column")])
    if missing:
        raise DataFileError([Problem(name, 1, ", ".join(missing), "column is missing")])
    rows: list[LaunchRow] = []
    problems: list[Problem] = []
    try:
        for values in reader:
            row = RowReader(name, reader.line_num, values, problems)
            rows.append(row.read(languages))
    except csv.Error as error:
        problems.append(Problem(name, reader.line_num, "row", f"is broken ({error})"))
    problems += repeated(name, rows)
    if problems:
        raise DataFileError(problems)
    return rows


def repeated(name: str, rows: list[LaunchRow]) -> list[Problem]:
    seen = set()
    problems = []
    for number, row in enumerate(rows, start=2):
        pair = (row.city, row.state, row.sister_city, row.sister_region)
        if pair in seen and row.city:
            problems.append(Problem(name, number, "city", "this pair stands here twice"))
        seen.add(pair)
    return problems


class RowReader:
    """Reads one row and collects what is wrong with it."""

    def __init__(
        self, file: str, line: int, values: dict[str, str], problems: list[Problem]
    ) -> None:
        self.file, self.line, self.problems = file, line, problems
        self.values = values

    def complain(self, column: str, reason: str) -> None:
        self.problems.append(Problem(self.file, self.line, column, reason))

    def text(self, column: str) -> str:
        value = (self.values.get(column) or "").strip()
        if len(value) > LONGEST:
            self.complain(column, f"is longer than {LONGEST} characters")
        if any(ord(character) < 32 for character in value):
            self.complain(column, "holds a control character")
        if not value and column in REQUIRED:
            self.complain(column, "is empty")
        return value

    def year(self, column: str) -> int | None:
        value = self.text(column)
        if not value:
            return None
        if value.isascii() and value.isdigit() and 1900 <= int(value[:5]) <= 2100:
            return int(value)
        self.complain(column, f"{value[:20]} is not a year")
        return None

    def date(self, column: str) -> datetime.date | None:
        value = self.text(column)
        try:
            return datetime.date.fromisoformat(value) if value else None
        except ValueError:
            self.complain(column, f"{value[:20]} is not a date like 2022-06-04")
            return None

    def status(self) -> Tie.Status:
        value = self.text("status")
        if value in Tie.Status.values:
            return Tie.Status(value)
        if value:
            self.complain("status", f"{value[:20]} is none of {', '.join(Tie.Status.values)}")
        return Tie.Status.UNKNOWN

    def url(self, column: str) -> str:
        value = self.text(column)
        try:
            if value:
                URLValidator(schemes=["http", "https"])(value)
        except ValidationError:
            self.complain(column, "is not a web address")
        return value

    def names(self, language: str) -> dict[str, dict[str, str]]:
        """Both cities' forms in a language; a side with a form missing is left out."""
        sides = {}
        for side, columns in NAME_COLUMNS.items():
            forms = [self.text(f"{column}_{language}") for column in columns]
            if all(forms):
                sides[side] = dict(zip(FIELDS, forms, strict=True))
        return sides

    def read(self, languages: list[str]) -> LaunchRow:
        if None in self.values:
            self.complain("row", "has more values than the header has columns")
        status, date = self.status(), self.date("status_date")
        if status == Tie.Status.ACTIVE and date is None:
            self.complain("status_date", "is empty, but an active tie was reported on some date")
        if status != Tie.Status.UNKNOWN and not self.text("source_title"):
            self.complain("source_title", "is empty, but a status needs its source")
        return LaunchRow(
            city=self.text("city"),
            state=self.text("state"),
            sister_city=self.text("sister_city"),
            sister_region=self.text("sister_region"),
            since=self.year("since"),
            status=status,
            status_date=date,
            source_title=self.text("source_title"),
            source_publisher=self.text("source_publisher"),
            source_url=self.url("source_url"),
            names={language: self.names(language) for language in languages},
        )
