"""Tables that people download: read rightly by Excel, and nothing in them a formula."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.admin.views import mixins
from wagtail.coreutils import multigetattr

from campaigns.tables import workbooks
from translations.dates import zones

# Without it, spreadsheets take the file for one of an older encoding.
BYTE_ORDER_MARK = "\ufeff"
CSV_TYPE = "text/csv; charset=utf-8"
# Spreadsheets take a cell that starts so for a formula, and some its full-width or small forms.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
# What XML cannot hold.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def is_formula(text: str) -> bool:
    first = unicodedata.normalize("NFKC", text[:1])
    return first.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text)


def neutral(cell: str) -> str:
    """The cell as a text, whatever it starts with."""
    return f"'{cell}" if is_formula(cell) else cell


class NeutralLine:
    """A file for `csv` that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_text(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of a CSV file, as they come."""
    writer = csv.writer(NeutralLine())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])


def download(name: str, rows: Iterable[Iterable[str]]) -> HttpResponse:
    """A table as the file of that name: XLSX or CSV."""
    is_workbook = name.endswith(".xlsx")
    content: Any = workbooks.write(rows) if is_workbook else csv_text(rows)
    response = HttpResponse(content, content_type=workbooks.TYPE if is_workbook else CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def in_words(value: object) -> object:
    """A day or a moment as lists tell it; anything else as it is."""
    if isinstance(value, datetime):
        return zones.moment(timezone.localtime(value) if timezone.is_aware(value) else value)
    return date_format(value) if isinstance(value, date) else value


class ToldExportMixin(mixins.SpreadsheetExportMixin):
    """A list whose table tells values as the list itself shows them."""

    # By the column of the table: what tells the value of a row.
    export_told: Mapping[str, Callable[[Any], Any]] = {}

    def to_row_dict(self, item: object) -> dict[str, Any]:
        told = self.export_told
        return {
            name: told[name](item) if name in told else multigetattr(item, name)
            for name in self.list_export
        }


def protect_exports() -> None:
    """Makes every list that Wagtail exports, its own reports too, a table like ours.

    Wagtail writes what editors and visitors typed as it is, times to the microsecond in UTC, and
    no byte order mark, and has no place for any of it, so the one class that all its exports
    share is changed.
    """
    exports: Any = mixins.SpreadsheetExportMixin
    stream_csv, preprocess = exports.stream_csv, exports.preprocess_field_value

    def marked(self: mixins.SpreadsheetExportMixin, queryset: QuerySet[Any]) -> list[bytes]:
        # At once: what is sent later is no longer in the reader's language and time zone.
        return [BYTE_ORDER_MARK.encode(), *stream_csv(self, queryset)]

    def protected(
        self: mixins.SpreadsheetExportMixin, field: str, value: object, export_format: str
    ) -> object:
        cell = preprocess(self, field, in_words(value), export_format)
        if not isinstance(cell, str):
            return cell
        # In XLSX a text is a text.
        return CONTROLS.sub("", cell) if export_format == self.FORMAT_XLSX else neutral(cell)

    exports.stream_csv, exports.preprocess_field_value = marked, protected
