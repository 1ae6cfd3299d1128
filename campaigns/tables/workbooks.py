"""XLSX read as rows of text and written, with no trust in what a file says of itself."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Unpacked. A table of all its rows and columns has a few megabytes.
MOST_UNPACKED = 10 * 1024 * 1024
MOST_PARTS = 500
# A sheet may say of every row that it is 16,384 cells wide.
MOST_CELLS = 2_000_000
LAST_ROW = 1_048_576


class WorkbookError(Exception):
    """A file that is no workbook of ours, told in one sentence."""


def is_workbook(data: bytes) -> bool:
    return data.startswith(ZIP)


def refuse_others(data: bytes) -> None:
    """Raises: WorkbookError, for what spreadsheets save besides XLSX and CSV."""
    if data.startswith(OLE):
        raise WorkbookError(_("is in Excel’s old format or has a password; save it as plain XLSX"))
    if data.startswith(b"%PDF"):
        raise WorkbookError(_("is a PDF; upload the spreadsheet that it was made of"))
    if data.lstrip()[:1] == b"<":
        raise WorkbookError(_("is a web page or XML; save the table as XLSX"))


def lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that is not hidden, with their numbers.

    Raises: WorkbookError.
    """
    try:
        check_parts(data)
        yield from rows(data)
    except WorkbookError:
        raise
    except Exception as error:
        # openpyxl answers a broken file with whatever its code ran into.
        raise WorkbookError(_("is a broken XLSX file; save the table again")) from error


def check_parts(data: bytes) -> None:
    """Before anything is unpacked: Python gives no part more room than it says it needs."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise WorkbookError(_("is too large when unpacked; leave in it only the table of cities"))
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise WorkbookError(_("is a spreadsheet of another kind; save it as XLSX or CSV"))


def rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
    if sheet is None:
        return
    # What the sheet says about its size need not be true.
    sheet.reset_dimensions()
    cells = 0
    found = sheet.iter_rows(max_row=LAST_ROW, values_only=True)
    for number, values in enumerate(found, start=1):
        cells += len(values)
        if cells > MOST_CELLS:
            raise WorkbookError(_("has too many cells; leave in it only the table of cities"))
        if any(value is not None for value in values):
            yield number, [text_of(value) for value in values]


def text_of(value: object) -> str:
    """A cell as its reader sees it: 1990 and not 1990.0, a day without a time."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def write(table: Iterable[Iterable[str]]) -> bytes:
    """Texts as an XLSX file. None of them becomes a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table:
        cells = [WriteOnlyCell(sheet, text) for text in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    file = BytesIO()
    book.save(file)
    return file.getvalue()
