"""Reads the table of cities to launch, which is checked whole before anything is made."""

import dataclasses
import datetime
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, cast

from anyascii import anyascii
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns.models import City, CityName, Petition, Tie, TieEvent
from campaigns.records.petitions import validate_time_zone
from campaigns.tables.reading import DataFileError, Table, TableProblem, read_table
from campaigns.tables.writing import is_formula
from security.printable import printable_line
from translations.languages.folding import unmixed
from translations.languages.names import choices, validate_language

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
# The language is of the title and the publisher; left out, the one that the site is written in.
OPTIONAL = ["source_language", "latitude", "longitude", "time_zone"]
DATE_COLUMNS = ["status_date"]
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


def lengths(languages: list[str]) -> dict[str, int]:
    """How long the text of each column may be, as the database has room for it."""
    room = {name: longest(TieEvent, name) for name in COLUMNS[-3:]}
    room["time_zone"] = longest(Petition, "time_zone")
    for columns in NAME_COLUMNS.values():
        for column, name in zip(columns, FIELDS, strict=True):
            most = longest(CityName, name)
            room.update({f"{column}_{language}": most for language in languages})
            room[column] = most
    return room


def longest(model: type[models.Model], field: str) -> int:
    return cast("models.Field[Any, Any]", model._meta.get_field(field)).max_length or 0


def slug_of(text: str) -> str:
    """A text as part of an address, in ASCII whatever script it is written in."""
    return slugify(anyascii(unmixed(text)))


def key_of(name: str, region: str) -> str:
    """A city's key: portland-oregon."""
    return "-".join(part for text in (name, region) if (part := slug_of(text)))


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
    source_language: str = settings.LANGUAGE_CODE
    # In degrees, as the database keeps them.
    latitude: str = ""
    longitude: str = ""
    # Of the petition; left out, the one that a new petition has.
    time_zone: str = ""

    @property
    def key(self) -> str:
        return key_of(self.city, self.state)

    @property
    def sister_key(self) -> str:
        return key_of(self.sister_city, self.sister_region)

    def as_json(self) -> dict[str, Any]:
        date = self.status_date and self.status_date.isoformat()
        return {**dataclasses.asdict(self), "status_date": date}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "LaunchRow":
        """Raises: TypeError, ValueError where the data is none of `as_json`."""
        date = data["status_date"]
        return cls(
            **{
                **data,
                "status": Tie.Status(data["status"]),
                "status_date": datetime.date.fromisoformat(date) if date else None,
            }
        )


def read(path: Path, languages: list[str]) -> list[LaunchRow]:
    """The rows of a CSV file.

    Raises:
        DataFileError: with every problem of the file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = _("cannot be read (%(reason)s)") % {"reason": error.strerror}
        raise DataFileError([TableProblem(path.name, 0, "file", reason)]) from error
    return parse(path.name, data, languages)


def parse(name: str, data: bytes, languages: list[str]) -> list[LaunchRow]:
    """Raises: DataFileError."""
    table = read_table(name, data, DATE_COLUMNS)
    check_columns(name, table, languages)
    problems = list(table.problems)
    room = lengths(languages)
    rows = [
        (line, RowReader(name, line, values, problems, room).read(languages))
        for line, values in table.rows
    ]
    if not rows and not problems:
        problems.append(TableProblem(name, 1, "file", _("holds no city")))
    problems += contradictions(name, rows)
    if problems:
        raise DataFileError(list(dict.fromkeys(problems)))
    return [row for _line, row in rows]


def check_columns(name: str, table: Table, languages: list[str]) -> None:
    """Raises: DataFileError."""
    known = {
        *COLUMNS,
        *OPTIONAL,
        *(f"{c}_{code}" for side in NAME_COLUMNS.values() for c in side for code in languages),
    }
    repeated = sorted({column for column in table.columns if table.columns.count(column) > 1})
    wrong = {
        _("there is no such column"): [each for each in table.columns if each not in known],
        _("missing"): [each for each in COLUMNS if each not in table.columns],
        _("column stands there twice"): repeated,
    }
    problems = [
        TableProblem(name, table.line, ", ".join(column[:60] for column in columns), reason)
        for reason, columns in wrong.items()
        if columns
    ]
    if problems:
        raise DataFileError(problems)


def contradictions(name: str, rows: list[tuple[int, LaunchRow]]) -> list[TableProblem]:
    """Pairs that stand there twice, and cities that two rows name differently."""
    pairs: dict[tuple[str, str], int] = {}
    cities: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    problems = []
    for line, row in rows:
        pair = (row.key, row.sister_key)
        if not all(pair):
            continue
        if row.key == row.sister_key:
            problems.append(TableProblem(name, line, "sister_city", _("is the city itself")))
        if pair in pairs:
            reason = _("this pair stands in line %(line)s already") % {"line": pairs[pair]}
            problems.append(TableProblem(name, line, "city", reason))
        pairs.setdefault(pair, line)
        for side, key in (("city", row.key), ("sister_city", row.sister_key)):
            for language, sides in row.names.items():
                forms = sides.get(side)
                if not forms:
                    continue
                first, known = cities.setdefault((key, language), (line, forms))
                if known != forms:
                    reason = _("is named differently in line %(line)s") % {"line": first}
                    problems.append(TableProblem(name, line, f"{side}_{language}", reason))
    return problems


class RowReader:
    """Reads one row and collects what is wrong with it."""

    def __init__(
        self,
        file: str,
        line: int,
        values: dict[Any, Any],
        problems: list[TableProblem],
        room: dict[str, int],
    ) -> None:
        self.file, self.line, self.problems = file, line, problems
        self.values, self.room = values, room

    def complain(self, column: str, reason: str) -> None:
        self.problems.append(TableProblem(self.file, self.line, column, reason))

    def has_problem(self, column: str) -> bool:
        """Whether something was said of it already, that need not be said twice."""
        return any((each.line, each.column) == (self.line, column) for each in self.problems)

    def text(self, column: str) -> str:
        value = printable_line(self.values.get(column) or "").strip()
        most = self.room.get(column, 40)
        if len(value) > most:
            self.complain(column, _("is longer than %(most)s characters") % {"most": most})
            value = value[:most]
        if is_formula(value):
            self.complain(column, _("looks like a formula"))
        if not value and column in REQUIRED:
            self.complain(column, _("is empty"))
        return value

    def year(self, column: str) -> int | None:
        value = self.text(column)
        if not value:
            return None
        if value.isascii() and value.isdigit() and 1900 <= int(value[:5]) <= 2100:
            return int(value)
        self.complain(column, _("%(value)s is not a year") % {"value": value[:20]})
        return None

    def date(self, column: str) -> datetime.date | None:
        value = self.text(column)
        try:
            return datetime.date.fromisoformat(value) if value else None
        except ValueError:
            reason = _("%(value)s is not a date like 2022-06-04")
            self.complain(column, reason % {"value": value[:20]})
            return None

    def status(self) -> Tie.Status:
        value = self.text("status").casefold()
        if value in Tie.Status.values:
            return Tie.Status(value)
        if value:
            known = ", ".join(Tie.Status.values)
            reason = _("%(value)s is none of %(known)s") % {"value": value[:20], "known": known}
            self.complain("status", reason)
        return Tie.Status.UNKNOWN

    def url(self, column: str) -> str:
        value = self.text(column)
        try:
            if value:
                URLValidator(schemes=["http", "https"])(value)
        except ValidationError:
            self.complain(column, _("is not a web address"))
        return value

    def language(self, column: str, of: str) -> str:
        """The language that the text in another column is in."""
        value = self.text(column) or settings.LANGUAGE_CODE
        if value not in dict(choices()):
            self.complain(column, _("%(value)s is no known language") % {"value": value[:20]})
            return settings.LANGUAGE_CODE
        try:
            validate_language(self.values.get(of) or "", value)
        except ValidationError as error:
            self.complain(column, " ".join(error.messages))
        return value

    def degrees(self, column: str) -> str:
        """With as many digits as the database keeps; some countries write a decimal comma."""
        value = self.text(column).replace(",", ".")
        if not value:
            return ""
        model_field = cast("models.DecimalField[Any, Any]", City._meta.get_field(column))
        try:
            number = Decimal(value)
            if not number.is_finite():
                raise InvalidOperation
            kept = round(number, model_field.decimal_places)
            return str(model_field.clean(kept, None))
        except (InvalidOperation, ValidationError):
            reason = _("%(value)s is no number of degrees like 45.5152")
            self.complain(column, reason % {"value": value[:20]})
            return ""

    def place(self) -> tuple[str, str]:
        latitude, longitude = self.degrees("latitude"), self.degrees("longitude")
        given = {column: self.values.get(column) for column in ("latitude", "longitude")}
        for column, value in given.items():
            if not value and any(given.values()):
                self.complain(column, _("is empty, but a place has both numbers"))
        return latitude, longitude

    def time_zone(self) -> str:
        value = self.text("time_zone")
        try:
            if value:
                validate_time_zone(value)
        except ValidationError:
            reason = _("%(value)s is no time zone like America/New_York")
            self.complain("time_zone", reason % {"value": value[:20]})
        return value

    def names(self, language: str) -> dict[str, dict[str, str]]:
        """Both cities' forms in a language; a side with a form missing is left out."""
        sides = {}
        for side, columns in NAME_COLUMNS.items():
            forms = [self.text(f"{column}_{language}") for column in columns]
            if all(forms):
                sides[side] = dict(zip(FIELDS, forms, strict=True))
        return sides

    def check_keys(self) -> None:
        for column in REQUIRED[:4]:
            value = self.values.get(column) or ""
            if value.strip() and not slug_of(value):
                self.complain(column, _("needs at least one letter"))

    def read(self, languages: list[str]) -> LaunchRow:
        self.check_keys()
        status, date = self.status(), self.date("status_date")
        is_undated = not self.text("status_date") and not self.has_problem("status_date")
        if status == Tie.Status.ACTIVE and is_undated:
            reason = _("is empty, but an active tie was reported on some date")
            self.complain("status_date", reason)
        if date and date > datetime.date.today():
            self.complain("status_date", _("lies in the future"))
        if status != Tie.Status.UNKNOWN and not self.text("source_title"):
            self.complain("source_title", _("is empty, but a status needs its source"))
        if self.text("source_title") and not self.text("source_publisher"):
            self.complain("source_publisher", _("is empty, but a source has its publisher"))
        latitude, longitude = self.place()
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
            source_language=self.language("source_language", "source_title"),
            names={language: self.names(language) for language in languages},
            latitude=latitude,
            longitude=longitude,
            time_zone=self.time_zone(),
        )
