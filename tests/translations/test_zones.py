"""How a moment's time zone is told."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from translations.dates import zones

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("zone", "english", "elsewhere"),
    [
        ("America/New_York", "EST", "UTC−5"),
        ("America/Los_Angeles", "PST", "UTC−8"),
        ("Europe/Kyiv", "EET", "UTC+2"),
        ("Asia/Kolkata", "IST", "UTC+5:30"),
        ("America/St_Johns", "NST", "UTC−3:30"),
        ("UTC", "UTC", "UTC+0"),
    ],
)
def test_an_abbreviation_is_for_english_readers(zone: str, english: str, elsewhere: str) -> None:
    local = NOON.astimezone(ZoneInfo(zone))
    for language, expected in (("en", english), ("uk", elsewhere), ("pl", elsewhere)):
        with translation.override(language):
            assert zones.zone_name(local) == expected


def test_a_day_may_be_asked_of_a_mistyped_zone() -> None:
    assert zones.has_come(NOON.date(), "Portland", "")
