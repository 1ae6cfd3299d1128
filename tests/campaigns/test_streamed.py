"""A workbook that is written as it is sent reads as any other."""

import io
import itertools
import zipfile

import pytest
from openpyxl import load_workbook

from campaigns.tables.streamed import ROWS_A_SHEET, workbook

pytestmark = pytest.mark.any_database


def table(number: int) -> list[list[str]]:
    return [["Name", "Day"], *([f"N{n}", "2026-01-01"] for n in range(number))]


def read(content: bytes) -> list[list[list[str]]]:
    book = load_workbook(io.BytesIO(content), read_only=True)
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(0, [0]), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1]), (2001, [3] * 667)],
)
def test_rows_beyond_a_sheet_begin_another_one_with_the_header(
    number: int, sizes: list[int]
) -> None:
    found = read(b"".join(workbook(table(number), rows_a_sheet=3)))
    assert [len(sheet) - 1 for sheet in found] == sizes
    assert all(sheet[0] == ["Name", "Day"] for sheet in found)
    assert [row for sheet in found for row in sheet[1:]] == table(number)[1:]


def test_a_sheet_is_no_longer_than_programs_take() -> None:
    assert ROWS_A_SHEET + 1 <= 1_048_576


@pytest.mark.parametrize(
    "text", ["=1+1", "<b>&amp;", "a\nb", "a\rb", "a\r\nb", " a ", "", "Ґ’𝔘", "\x00\x1fa", "\ud800a"]
)
def test_every_text_stays_one(text: str) -> None:
    (sheet,) = read(b"".join(workbook([["Name"], [text]])))
    clean = text.replace("\x00", "").replace("\x1f", "").replace("\ud800", "")
    assert (sheet[1][0] if len(sheet) > 1 else None) in ({clean} if clean else {None, ""})


def test_it_goes_out_as_it_is_made() -> None:
    taken = 0

    def rows() -> object:
        nonlocal taken
        yield ["Name"]
        for taken in itertools.count(1):
            if taken > 50_000:
                return
            yield [f"Name {taken * 7919 % 10_007}"]

    longest, size = 0, 0
    first_taken = None
    for piece in workbook(rows()):  # type: ignore[arg-type]
        longest, size = max(longest, len(piece)), size + len(piece)
        first_taken = first_taken or (taken if piece else None)
    assert first_taken is not None
    assert first_taken < 5_000
    assert longest < size / 5


def test_its_parts_are_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(workbook(table(10), 4)))) as archive:
        assert archive.testzip() is None
        assert "[Content_Types].xml" in archive.namelist()
