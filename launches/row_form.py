"""One row of the table of cities, checked as Django's forms check what people type."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from campaigns.models import CityName, Petition, Tie, TieEvent
from campaigns.records.ties import refuse_before
from launches import mayors
from launches.cells import (
    AddressCell,
    DayCell,
    DegreesCell,
    LanguageCell,
    PlaceCell,
    StatusCell,
    TextCell,
    TimeZoneCell,
    YearCell,
)
from launches.columns import (
    COLUMNS,
    DATE_COLUMNS,
    NAME_COLUMNS,
    OPTIONAL,
    mayor_names,
    name_columns,
)
from launches.rows import LaunchRow, key_of
from launches.state_zones import zone_of_state
from translations.dates.zones import has_come
from translations.languages.names import validate_language


@cache
def name_cell(field: str) -> TextCell:
    return TextCell((CityName, field))


mayor_cells = cache(mayors.cells)


class RowForm(forms.Form):
    city = PlaceCell((CityName, "name"), required=True)
    state = PlaceCell((CityName, "region"), required=True)
    sister_city = PlaceCell((CityName, "name"), required=True)
    sister_region = PlaceCell((CityName, "region"), required=True)
    since = YearCell()
    status = StatusCell(required=True)
    status_date = DayCell()
    source_title = TextCell((TieEvent, "source_title"))
    source_publisher = TextCell((TieEvent, "source_publisher"))
    source_url = AddressCell((TieEvent, "source_url"))
    source_language = LanguageCell()
    checked_at = DayCell()
    latitude = DegreesCell("latitude")
    longitude = DegreesCell("longitude")
    time_zone = TimeZoneCell((Petition, "time_zone"))

    def __init__(self, values: Mapping[str, str], languages: Sequence[str]) -> None:
        super().__init__(values)
        self.languages = languages
        for side in NAME_COLUMNS:
            for language in languages:
                for field, column in name_columns(side, language).items():
                    self.fields[column] = name_cell(field)
        self.fields |= mayor_cells(tuple(languages))

    def clean(self) -> None:
        """What the cells of a row say of each other. Of a cell that is wrong itself, no more."""
        self.check_days()
        self.check_time_zone()
        self.check_status()
        self.check_source()
        self.check_degrees()
        self.check_mayor()

    def check_days(self) -> None:
        columns = [*DATE_COLUMNS, "mayor_checked_on"]
        days = {column: self.cleaned_data.get(column) for column in columns}
        for column, day in days.items():
            if day and not has_come(day, self.zone()):
                self.add_error(column, _("lies in the future"))
        told_on, checked_on = days["status_date"], days["checked_at"]
        if told_on and checked_on and checked_on < told_on:
            self.add_error("checked_at", _("is before the day in status_date"))

    def check_time_zone(self) -> None:
        state = self.cleaned_data.get("state")
        if state and self.is_empty("time_zone") and not self.zone():
            reason = _(
                "is empty, and we do not know the time zone of %(state)s: write it like "
                "America/New_York"
            )
            self.add_error("time_zone", reason % {"state": state})

    def zone(self) -> str:
        data = self.cleaned_data
        return data.get("time_zone") or zone_of_state(data.get("state") or "")

    def check_status(self) -> None:
        status = self.cleaned_data.get("status")
        if status == Tie.Status.ACTIVE and self.is_empty("status_date"):
            self.add_error(
                "status_date", _("is empty, but an active tie was reported on some date")
            )
        if status not in (None, Tie.Status.UNKNOWN) and self.is_empty("source_title"):
            self.add_error("source_title", _("is empty, but a status needs its source"))
        try:
            refuse_before(self.cleaned_data.get("since"), self.cleaned_data.get("status_date"))
        except ValidationError:
            self.add_error("status_date", _("is before the year in which the tie began"))

    def check_source(self) -> None:
        if not self.is_empty("source_title") and self.is_empty("source_publisher"):
            self.add_error("source_publisher", _("is empty, but a source has its publisher"))
        if language := self.cleaned_data.get("source_language"):
            try:
                validate_language(self.data.get("source_title") or "", language)
            except ValidationError as error:
                self.add_error("source_language", error)

    def check_degrees(self) -> None:
        empty = [column for column in ("latitude", "longitude") if self.is_empty(column)]
        if len(empty) == 1:
            self.add_error(empty[0], _("is empty, but a place has both numbers"))

    def check_mayor(self) -> None:
        named = (mayor_names(language)["name"] for language in self.languages)
        if not all(map(self.is_empty, named)) and self.is_empty("mayor_source"):
            self.add_error("mayor_source", _("is empty, but a mayor’s name needs its source"))

    def is_empty(self, column: str) -> bool:
        return self.cleaned_data.get(column, "wrong") in (None, "")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Each mistake: its column, and the sentence."""
        for column, errors in self.errors.items():
            for reason in errors:
                yield column, str(reason)

    @cached_property
    def keys(self) -> dict[str, str]:
        """Of the city and its sister city, where both are rightly named."""
        if {"city", "state", "sister_city", "sister_region"} & self.errors.keys():
            return {}
        data = self.cleaned_data
        return {
            "city": key_of(data["city"], data["state"]),
            "sister_city": key_of(data["sister_city"], data["sister_region"]),
        }

    def names(self, language: str) -> dict[str, dict[str, str]]:
        """Both cities' forms in a language; a side with a form missing is left out."""
        sides = {
            side: {
                field: self.cleaned_data.get(column, "")
                for field, column in name_columns(side, language).items()
            }
            for side in NAME_COLUMNS
        }
        return {side: forms for side, forms in sides.items() if all(forms.values())}

    @cached_property
    def mayor(self) -> dict[str, Any]:
        return mayors.told(self.cleaned_data, self.languages)

    def row(self) -> LaunchRow:
        """Of a form without mistakes."""
        values: dict[str, Any] = {
            column: self.cleaned_data[column] for column in (*COLUMNS, *OPTIONAL)
        }
        names = {code: self.names(code) for code in self.languages}
        return LaunchRow(names=names, mayor=self.mayor, **values)
