"""Tables of cities as spreadsheets save them, and files that are none."""

import contextlib
import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from campaigns.models import CampaignPage, City, Petition
from campaigns.tables import workbooks
from campaigns.tables.reading import MOST_COLUMNS, DataFileError, read_table
from jobs.worker import drain
from launches import running
from launches.csv_file import parse
from launches.rows import LaunchRow
from tests.launches.tables import EUGENE, city, record, table, upload

pytestmark = pytest.mark.any_database

COLUMNS = list(EUGENE)
WANTED = parse("cities.csv", table(EUGENE).encode(), ["en", "uk"])


def workbook(*rows: list[Any], change: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def values(**changes: Any) -> list[Any]:
    return list({**EUGENE, **changes}.values())


def wide(text: str, end: str) -> str:
    return "".join(f"{line}{end}\r\n" for line in text.splitlines())


def hidden_first(book: Workbook) -> None:
    book.create_sheet("Notes", 0).sheet_state = "hidden"
    book.active = 1


KINDS = {
    "semicolons": table(EUGENE).replace(",", ";").encode(),
    "tabs": table(EUGENE).replace(",", "\t").encode(),
    "unicode text": table(EUGENE).replace(",", "\t").encode("utf-16"),
    "sep line": b"sep=,\r\n" + table(EUGENE).encode(),
    "quoted sep line": b'"sep=;"\r\n' + table(EUGENE).replace(",", ";").encode(),
    "mark and sep line": b"\xef\xbb\xbfsep=\t\n" + table(EUGENE).replace(",", "\t").encode(),
    "capitals": table(EUGENE).replace("sister_city,", "SISTER CITY,", 1).encode(),
    "blanks in the header": table(EUGENE).replace("source_url", " Source  URL ", 1).encode(),
    "blanks after commas": table(EUGENE).replace(",", ", ").encode(),
    "blank rows": (",,,\r\n\r\n" + table(EUGENE) + "," * 19 + "\r\n \r\n").encode(),
    "blank columns": wide(table(EUGENE), ",,").encode(),
    "many blank columns": wide(table(EUGENE), "," * 1000).encode(),
    "old line ends": table(EUGENE).replace("\r\n", "\r").encode(),
    "status with a capital": table({**EUGENE, "status": "Active"}).encode(),
    "day first": table({**EUGENE, "status_date": "04.06.2022"}).encode(),
    "workbook": workbook(COLUMNS, values()),
    "date cell": workbook(COLUMNS, values(since=1988.0, status_date=datetime(2022, 6, 4))),
    "blank rows and columns of a workbook": workbook(
        [], [None, ""], [*COLUMNS, None, " "], [], [*values(), None], [None] * 30
    ),
    "hidden sheet": workbook(change=hidden_first)
    and workbook(COLUMNS, values(), change=hidden_first),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_read_as_spreadsheets_save_it(kind: str) -> None:
    assert parse("cities", KINDS[kind], ["en", "uk"]) == WANTED


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(",;\t"),
    st.lists(st.lists(st.text(st.characters(exclude_categories=["C"])), min_size=2, max_size=2)),
)
def test_whatever_the_cells_say_every_kind_of_file_reads_alike(
    separator: str, cells: list[list[str]]
) -> None:
    import csv

    file = io.StringIO()
    csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *cells])
    told = [row for _line, row in read_table("t", file.getvalue().encode()).rows]
    book = workbooks.write([["a", "b"], *cells])
    assert told == [row for _line, row in read_table("t", book).rows]
    wanted = [[cell.strip() for cell in row] for row in cells]
    assert [list(row.values()) for row in told] == [row for row in wanted if any(row)]


def problem(data: bytes) -> str:
    with pytest.raises(DataFileError) as caught:
        parse("cities", data, ["en", "uk"])
    return str(caught.value)


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose sheet is this XML."""
    file = io.BytesIO()
    book = zipfile.ZipFile(io.BytesIO(workbook(COLUMNS)))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in book.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            archive.writestr(name, xml if is_sheet else book.read(name))
    return file.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10)
        for letter in range(ord("b"), ord("k"))
    )
    + b"]>"
)
HOSTILE = {
    "zip bomb": packed(**{"[Content_Types].xml": b"", "bomb": b"\0" * 30_000_000}),
    "many parts": packed(**{f"part{number}": b"" for number in range(600)}),
    "another kind": packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
    "no workbook": packed(**{"[Content_Types].xml": b""}),
    "cut off": workbook(COLUMNS, values())[:3000],
    "only a start": b"PK\x03\x04rest",
    "broken sheet": with_sheet(SHEET + b"<row><c"),
    "cells without end": with_sheet(
        SHEET + b'<row><c r="XFD1"/></row>' * 200_000 + b"</sheetData></worksheet>"
    ),
    "rows far away": with_sheet(
        SHEET + b'<row r="999999999999"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    ),
    "entities": with_sheet(
        LAUGHS
        + SHEET
        + b'<row><c t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
    ),
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "PDF": b"%PDF-1.7\n",
    "web page": b"<!doctype html><table></table>",
    "wide": (",".join("a" * 300) + "\n").encode(),
    "only separators": b"," * 5_000_000,
    "quotation mark without end": b'"' + b"city," * 900_000,
    "nothing": b"",
    "only blanks": b" \n,\n\t\n",
    "random": bytes(range(256)) * 100,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_or_broken_file_is_told_in_one_sentence_and_soon(kind: str) -> None:
    started = time.process_time()
    told = problem(HOSTILE[kind])
    assert len(told.splitlines()) == 1
    assert len(told) < 200
    assert time.process_time() - started < 5


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.integers(0, 3000))
def test_no_bytes_bring_more_than_a_sentence(noise: bytes, place: int) -> None:
    book = KINDS["workbook"]
    for data in (noise, book[:place] + noise + book[place + len(noise) :]):
        with contextlib.suppress(DataFileError):
            assert parse("cities", data, ["en", "uk"]) == WANTED


def test_what_stands_outside_of_the_columns_is_told() -> None:
    rows = table(EUGENE).splitlines()
    assert "has more values" in problem(f"{rows[0]},\n{rows[1]},note\n".encode())
    assert "has more values" in problem(workbook(COLUMNS, [*values(), "note"]))
    assert f"more than {MOST_COLUMNS} columns" in problem(HOSTILE["wide"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2022-06-04", date(2022, 6, 4)),
        ("2022/6/4", date(2022, 6, 4)),
        ("04.06.2022", date(2022, 6, 4)),
        ("4.6.2022", date(2022, 6, 4)),
        ("6/24/2022", date(2022, 6, 24)),
        ("24/6/2022", date(2022, 6, 24)),
        ("5/5/2022", date(2022, 5, 5)),
    ],
)
def test_a_date_is_read_as_it_was_typed(typed: str, meant: date) -> None:
    (row,) = parse("c", table({**EUGENE, "status_date": typed}).encode(), ["en", "uk"])
    assert row.status_date == meant


def test_a_date_that_may_be_two_days_is_refused_with_both() -> None:
    told = problem(table({**EUGENE, "status_date": "6/4/2022"}).encode())
    assert "is empty" not in told, "one mistake is told once"
    assert "April 6, 2022" in told
    assert "June 4, 2022" in told
    with translation.override("uk"):
        assert "4\u00a0червня 2022" in problem(
            table({**EUGENE, "status_date": "6/4/2022"}).encode()
        )


@pytest.mark.parametrize(
    ("other", "meant"), [("6/24/2022", date(2022, 6, 4)), ("24/6/2022", date(2022, 4, 6))]
)
def test_another_date_of_the_column_decides(other: str, meant: date) -> None:
    text = table({**EUGENE, "status_date": "6/4/2022"}, city(1, status_date=other))
    assert parse("c", text.encode(), ["en", "uk"])[0].status_date == meant


def test_dates_that_contradict_each_other_decide_nothing() -> None:
    rows = [city(n, status_date=each) for n, each in enumerate(["6/24/2022", "24/6/2022"])]
    told = problem(table({**EUGENE, "status_date": "6/4/2022"}, *rows).encode())
    assert "line 2, status_date" in told


@pytest.mark.parametrize("typed", ["31.02.2022", "3/4", "yesterday", "13/13/2022", "2022-13-01"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    told = problem(table({**EUGENE, "status_date": typed}).encode())
    assert f"{typed} is not a date like 2022-06-04" in told


PLACE = [*EUGENE, "latitude", "longitude", "time_zone"]


def placed(latitude: str, longitude: str, time_zone: str = "") -> bytes:
    row = {**EUGENE, "latitude": latitude, "longitude": longitude, "time_zone": time_zone}
    return table(row, columns=PLACE).encode()


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("44.0521", "-123.0868"), ("44.05207001", "-123.08675"), ("44,0521", "-123,0868")],
)
def test_a_place_has_as_many_digits_as_its_writer_likes(latitude: str, longitude: str) -> None:
    (row,) = parse("c", placed(latitude, longitude), ["en", "uk"])
    assert abs(float(row.latitude) - 44.0521) < 0.0002
    assert abs(float(row.longitude) + 123.0868) < 0.0002
    assert LaunchRow.from_json(row.as_json()) == row


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone", "reason"),
    [
        ("91", "0", "", "latitude: 91 is no number of degrees"),
        ("north", "0", "", "latitude: north is no number of degrees"),
        ("NaN", "0", "", "latitude: NaN is no number of degrees"),
        ("1e400", "0", "", "latitude: 1e400 is no number of degrees"),
        ("45", "", "", "longitude: is empty, but a place has both"),
        ("", "", "Mars/Base", "time_zone: Mars/Base is no time zone"),
        ("", "", "localtime", "time_zone: localtime is no time zone"),
        ("=1+1", "0", "", "latitude: looks like a formula"),
    ],
)
def test_a_wrong_place_is_told(latitude: str, longitude: str, zone: str, reason: str) -> None:
    assert reason in problem(placed(latitude, longitude, zone))


def test_a_launch_says_where_a_city_lies_and_when_its_petition_closes(
    campaign: CampaignPage,
) -> None:
    rows = parse("c", placed("44.0521", "-123.0868", "America/Los_Angeles"), ["en", "uk"])
    running.start(record(campaign), None, [row.as_json() for row in rows], publish=True)
    drain()
    launched = City.objects.get(key="eugene-oregon")
    assert (float(launched.latitude or 0), float(launched.longitude or 0)) == (44.0521, -123.0868)
    assert Petition.objects.get(tie__city=launched).time_zone == "America/Los_Angeles"


@pytest.mark.parametrize("name", ["launch_example", "launch_example_csv"])
def test_the_example_can_be_launched_and_is_filled_in_ukrainian(admin: Client, name: str) -> None:
    (row,) = parse("cities", admin.get(reverse(name)).content, ["en", "uk"])
    assert row.city == "Springfield"
    assert set(row.names["uk"]) == {"city", "sister_city"}
    assert row.latitude
    assert row.time_zone


def test_the_example_as_a_workbook_opens_as_texts(admin: Client) -> None:
    sheet = load_workbook(io.BytesIO(admin.get(reverse("launch_example")).content)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_the_page_says_what_the_table_needs(admin: Client, campaign: CampaignPage) -> None:
    html = admin.get(reverse("launch", args=[campaign.pk])).content.decode()
    for word in ("sister_region", "time_zone", "suspended", "unknown"):
        assert f"<code>{word}</code>" in html
    assert ".xlsx" in html


def test_the_plan_of_a_workbook_spells_dates_out(admin: Client, campaign: CampaignPage) -> None:
    data = workbook(COLUMNS, values(status_date=datetime(2022, 6, 4)))
    file = SimpleUploadedFile("cities.xlsx", data)
    html = admin.post(reverse("launch", args=[campaign.pk]), {"file": file}).content.decode()
    assert "active, June 4, 2022" in html


def test_a_broken_workbook_is_told_on_the_page(admin: Client, campaign: CampaignPage) -> None:
    response = admin.post(reverse("launch", args=[campaign.pk]), upload(HOSTILE["cut off"]))
    assert response.status_code == 422
    assert "is a broken XLSX file" in response.content.decode()
