"""An XLSX file of any length, written as it is sent.

openpyxl keeps a sheet in a file on disk, readable, until the workbook is done. Here nothing waits
anywhere: the parts of the ZIP go out row by row. Every cell is a text, so none is a formula.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from xml.sax.saxutils import escape

from security.printable import UNPRINTABLE

# Below the 1,048,576 rows that a sheet may have, the header among them.
ROWS_A_SHEET = 1_000_000
ROWS_AT_ONCE = 1000
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
# A line end of its own would be read as another one.
SPECIAL = {"\r": "&#13;"}


class Outlet(io.RawIOBase):
    """What the ZIP is written to, and taken from at once. It cannot go back."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.held += data
        return len(data)

    def taken(self) -> bytes:
        held, self.held = bytes(self.held), bytearray()
        return held


def workbook(table: Iterable[list[str]], rows_a_sheet: int = ROWS_A_SHEET) -> Iterator[bytes]:
    """`table` begins with its header, which stands on each sheet."""
    rows = iter(table)
    header = next(rows)
    outlet, sheets = Outlet(), 0
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        first: list[list[str]] | None = []
        while first is not None:
            sheets += 1
            some = chain(first, islice(rows, rows_a_sheet - len(first)))
            for _written in sheet(archive, sheets, chain([header], some)):
                yield outlet.taken()
            following = next(rows, None)
            first = None if following is None else [following]
        for name, text in package_parts(sheets).items():
            archive.writestr(name, HEAD + text)
    yield outlet.taken()


def sheet(archive: zipfile.ZipFile, number: int, rows: Iterable[list[str]]) -> Iterator[None]:
    found = iter(rows)
    with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as file:
        file.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
        while some := list(islice(found, ROWS_AT_ONCE)):
            file.write("".join(map(row, some)).encode())
            yield
        file.write(b"</sheetData></worksheet>")
    yield


def row(cells: list[str]) -> str:
    return f"<row>{''.join(map(cell, cells))}</row>"


def cell(text: str) -> str:
    clean = escape(UNPRINTABLE.sub("", text), SPECIAL)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{clean}</t></is></c>'


def package_parts(sheets: int) -> dict[str, str]:
    """What a workbook has beside its sheets, by ECMA-376."""
    numbers = range(1, sheets + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>'
        for n in numbers
    )
    listed = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(relation(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f"{relations}{relation(1, 'officeDocument', 'xl/workbook.xml')}"
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{relations}{related}</Relationships>",
    }


def relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
