"""Reads the table of cities to launch, which is checked whole before anything is made."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from campaigns.tables.reading import DataFileError, Table, TableProblem, read_table
from launches.columns import COLUMNS, DATE_COLUMNS, MAYOR_DATES, all_columns
from launches.row_form import RowForm
from launches.rows import LaunchRow

# The rows by their lines in the file.
Lines = dict[int, RowForm]
# A line, a column, and what is wrong there.
Complaint = tuple[int, str, str]
Check = Callable[[Lines], Iterator[Complaint]]


def read(path: Path, languages: list[str], *checks: Check) -> list[LaunchRow]:
    """The rows of a CSV file. `checks` are more than the file by itself can be asked.

    Raises:
        DataFileError: with every problem of the file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = _("cannot be read (%(reason)s)") % {"reason": error.strerror}
        raise DataFileError([TableProblem(path.name, 0, "file", reason)]) from error
    return parse(path.name, data, languages, *checks)


def parse(name: str, data: bytes, languages: list[str], *checks: Check) -> list[LaunchRow]:
    """Raises: DataFileError."""
    table = read_table(name, data, [*DATE_COLUMNS, *MAYOR_DATES])
    check_columns(name, table, languages)
    lines = {line: RowForm(values, languages) for line, values in table.rows}
    problems = list(table.problems)
    if not lines and not problems:
        problems.append(TableProblem(name, 1, "file", _("holds no city")))
    # Of a cell that could not be read, nothing else is said.
    unread = {(problem.line, problem.column) for problem in problems}
    problems += [
        TableProblem(name, *complaint)
        for check in (mistakes, repetitions, contradictions, rivals, *checks)
        for complaint in check(lines)
        if complaint[:2] not in unread
    ]
    if problems:
        raise DataFileError(problems)
    return [form.row() for form in lines.values()]


def check_columns(name: str, table: Table, languages: list[str]) -> None:
    """Raises: DataFileError."""
    known = all_columns(languages)
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


def mistakes(lines: Lines) -> Iterator[Complaint]:
    """What is wrong within a row."""
    for line, form in lines.items():
        for column, reason in form.problems():
            yield line, column, reason


def repetitions(lines: Lines) -> Iterator[Complaint]:
    """Pairs that stand there twice or are none."""
    pairs: dict[tuple[str, ...], int] = {}
    for line, form in lines.items():
        if not (keys := form.keys):
            continue
        if keys["city"] == keys["sister_city"]:
            yield line, "sister_city", _("is the city itself")
        first = pairs.setdefault(tuple(keys.values()), line)
        if first != line:
            yield line, "city", _("this pair stands in line %(line)s already") % {"line": first}


def contradictions(lines: Lines) -> Iterator[Complaint]:
    """Cities that two rows name differently."""
    known: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    for line, form in lines.items():
        for language in form.languages if form.keys else ():
            for side, names in form.names(language).items():
                place = (form.keys[side], language)
                first, first_names = known.setdefault(place, (line, names))
                if first_names != names:
                    reason = _("is named differently in line %(line)s") % {"line": first}
                    yield line, f"{side}_{language}", reason


def rivals(lines: Lines) -> Iterator[Complaint]:
    """Cities of whose mayor two rows tell differently."""
    known: dict[str, tuple[int, dict[str, object]]] = {}
    for line, form in lines.items():
        if form.mayor and form.keys:
            first, mayor = known.setdefault(form.keys["city"], (line, form.mayor))
            if mayor != form.mayor:
                yield line, "mayor", _("is different in line %(line)s") % {"line": first}
