"""Tables of cities, as editors upload them."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import CampaignPage, Petition
from campaigns.tables.reading import DataFileError
from launches.columns import COLUMNS
from launches.csv_file import parse

UKRAINIAN = {
    "city_uk": "Юджин",
    "of_city_uk": "Юджина",
    "in_city_uk": "у Юджині",
    "with_city_uk": "з Юджином",
    "state_uk": "Орегон",
    "sister_city_uk": "Іркутськ",
    "of_sister_city_uk": "Іркутська",
    "in_sister_city_uk": "в Іркутську",
    "with_sister_city_uk": "з Іркутськом",
    "sister_region_uk": "Іркутська область",
}
EUGENE = {
    "city": "Eugene",
    "state": "Oregon",
    "sister_city": "Irkutsk",
    "sister_region": "Irkutsk Oblast",
    "since": "1988",
    "status": "active",
    "status_date": "2022-06-04",
    "source_title": "A report",
    "source_publisher": "A paper",
    "source_url": "https://news.example/1",
    **UKRAINIAN,
}


def table(*rows: dict[str, str], columns: list[str] | None = None) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, columns or [*COLUMNS, *UKRAINIAN], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def city(number: int, **changes: str) -> dict[str, str]:
    sides = {"city": f"Town {number}", "sister_city": f"Gorod {number}"}
    return {**EUGENE, **dict.fromkeys(UKRAINIAN, ""), **sides, **changes}


def upload(text: str | bytes, **data: Any) -> dict[str, Any]:
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile("cities.csv", content), **data}


def problems(text: str | bytes) -> list[tuple[int, str, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(DataFileError) as caught:
        parse("cities.csv", content, ["en", "uk"])
    return [(each.line, each.column, each.reason) for each in caught.value.problems]


def record(campaign: CampaignPage) -> Petition:
    assert campaign.petition
    return campaign.petition
