"""Tables as people have them: CSV in its many kinds, or XLSX, as rows of text.

What the columns mean is for others to say. Whatever cannot be read is told in one sentence.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from campaigns.tables import workbooks
from translations.dates import typed

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 2_000
MOST_COLUMNS = 200
# The first line that Excel writes, and reads, to say what stands between columns.
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?[ ,;\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
SEPARATORS = ",;\t"
# A row's number and its cells.
RawLine = tuple[int, list[str]]


@dataclass(frozen=True)
class TableProblem:
    """Where a data file is wrong, and why."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.column}: {self.reason}"


class DataFileError(Exception):
    """A data file cannot be used. Nothing was changed."""

    def __init__(self, problems: list[TableProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Table:
    """The columns as they are named in the first row that says anything, and what is below."""

    columns: list[str]
    line: int = 1
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[TableProblem] = field(default_factory=list)


def read_table(name: str, data: bytes, date_columns: Iterable[str] = ()) -> Table:
    """Rows and columns in which nothing stands are left out; dates read like 2022-06-04.

    Raises: DataFileError, where the file is none that can be read.
    """
    if len(data) > MOST_BYTES:
        raise DataFileError([too_long(name, 0)])
    problems: list[TableProblem] = []
    lines = filled(name, lines_of(name, data, problems))
    header = next(lines, None)
    if header is None:
        raise DataFileError(problems or [TableProblem(name, 1, "file", _("is empty"))])
    table = Table([column_name(cell) for cell in header[1]], header[0], problems=problems)
    is_csv = not workbooks.is_workbook(data)
    for number, cells in lines:
        if len(table.rows) == MOST_ROWS:
            raise DataFileError([too_long(name, number)])
        table.rows.append((number, table_row(table, name, number, cells, is_csv)))
    table.columns = [column for column in table.columns if column]
    for column in date_columns:
        read_dates(table, name, column)
    return table


def too_long(name: str, line: int) -> TableProblem:
    reason = _("has more than %(rows)s rows; split it into several files") % {"rows": MOST_ROWS}
    return TableProblem(name, line, "file", reason)


def lines_of(name: str, data: bytes, problems: list[TableProblem]) -> Iterator[RawLine]:
    """Raises: DataFileError. A file that breaks off adds its problem to `problems`."""
    number = 0
    try:
        if workbooks.is_workbook(data):
            yield from workbooks.lines(data)
        else:
            workbooks.refuse_others(data)
            for number, cells in csv_lines(decode(name, data)):
                yield number, cells
    except workbooks.WorkbookError as error:
        raise DataFileError([TableProblem(name, 0, "file", str(error))]) from error
    except csv.Error as error:
        reason = _("is broken or cut off (%(reason)s); export the table again")
        problems.append(TableProblem(name, number + 1, "row", reason % {"reason": error}))


def csv_lines(text: str) -> Iterator[RawLine]:
    """Raises: csv.Error."""
    separator, skipped = "", 0
    if told := SEPARATOR_LINE.match(text):
        separator, skipped = told[1], 1
        text = text[told.end() :]
    file = io.StringIO(text, newline="")
    reader = csv.reader(
        file, delimiter=separator or likely_separator(text), strict=True, skipinitialspace=True
    )
    for cells in reader:
        yield reader.line_num + skipped, cells


def likely_separator(text: str) -> str:
    """Of a table whose columns have names without commas and semicolons."""
    header = next((line for line in text.splitlines() if line.strip(SEPARATORS + " ")), "")
    return max(SEPARATORS, key=header.count)


def decode(name: str, data: bytes) -> str:
    """Raises: DataFileError, which says what the file seems to be instead."""
    # Excel's “Unicode text”.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DataFileError([encoded_otherwise(name, line, likely_encoding(data))]) from None
    if "\0" in text:
        raise DataFileError([encoded_otherwise(name, 1, "UTF-16")])
    return text


def encoded_otherwise(name: str, line: int, encoding: str) -> TableProblem:
    reason = _("is not UTF-8 but seems to be %(encoding)s; save it as XLSX or as CSV in UTF-8")
    return TableProblem(name, line, "text", reason % {"encoding": encoding})


def likely_encoding(data: bytes) -> str:
    high = [byte for byte in data if byte >= 0x80]
    # Windows-1251 has the Cyrillic letters from 0xC0 on; Western encodings use few of these.
    cyrillic = sum(byte >= 0xC0 for byte in high) > 0.8 * len(high)
    return "Windows-1251" if cyrillic else _("another encoding")


def filled(name: str, lines: Iterable[RawLine]) -> Iterator[RawLine]:
    """The lines in which anything stands, without the empty cells at their ends.

    Raises: DataFileError, where a line is wider than any table of ours.
    """
    for number, cells in lines:
        texts = [cell.strip() for cell in cells]
        if not any(texts):
            continue
        while not texts[-1] and len(texts) > MOST_COLUMNS:
            texts.pop()
        if len(texts) > MOST_COLUMNS:
            reason = _("has more than %(columns)s columns") % {"columns": MOST_COLUMNS}
            raise DataFileError([TableProblem(name, number, "file", reason)])
        yield number, texts


def column_name(text: str) -> str:
    """“Sister City” is sister_city."""
    return re.sub(r"[\s_-]+", "_", text.casefold())


def table_row(
    table: Table, name: str, number: int, cells: list[str], is_csv: bool
) -> dict[str, str]:
    """The row by its columns' names. What stands outside of them is a problem."""
    columns = table.columns
    width = max((n for n, column in enumerate(columns, start=1) if column), default=0)
    outside = cells[width:] + [
        cell for cell, column in zip(cells, columns, strict=False) if not column
    ]
    if any(outside):
        reason = _("has more values than the header has columns")
        table.problems.append(TableProblem(name, number, "row", reason))
    # In a spreadsheet the cells at the end may be missing.
    if is_csv and len(cells) < width:
        reason = _("has fewer values than the header has columns")
        table.problems.append(TableProblem(name, number, "row", reason))
    cells = [*cells, *[""] * (width - len(cells))]
    return {column: cell for column, cell in zip(columns, cells, strict=False) if column}


def read_dates(table: Table, name: str, column: str) -> None:
    """Puts the dates of a column as 2022-06-04. One that might be two days is a problem."""
    order = typed.order_of(row.get(column, "") for _number, row in table.rows)
    for number, row in table.rows:
        try:
            row[column] = typed.read(row.get(column, ""), order).isoformat()
        except typed.AmbiguousError as error:
            table.problems.append(TableProblem(name, number, column, str(error)))
            row[column] = ""
        except ValueError:
            # Whoever reads the column says what is wrong with it.
            continue
