"""The columns of the table of cities."""

from collections.abc import Iterable

COLUMNS = [
    "city",
    "state",
    "sister_city",
    "sister_region",
    "since",
    "status",
    "status_date",
    "source_title",
    "source_publisher",
    "source_url",
]
# The language is of the title and the publisher; left out, the one that the site is written in.
# A check is the day on which somebody saw that the status is still so.
OPTIONAL = ["source_language", "checked_at", "latitude", "longitude", "time_zone"]
DATE_COLUMNS = ["status_date", "checked_at"]
REQUIRED = ("city", "state", "sister_city", "sister_region", "status")
NOT_REQUIRED = [each for each in [*COLUMNS, *OPTIONAL] if each not in REQUIRED]
# In every further language, by the side of the tie, in the order of `CITY_NAME_FIELDS`.
NAME_COLUMNS = {
    "city": ("city", "of_city", "in_city", "with_city", "state"),
    "sister_city": (
        "sister_city",
        "of_sister_city",
        "in_sister_city",
        "with_sister_city",
        "sister_region",
    ),
}
CITY_NAME_FIELDS = ("name", "of_form", "in_form", "with_form", "region")


def name_columns(side: str, language: str) -> dict[str, str]:
    """The columns of one city's forms in a language, by the field of a CityName."""
    columns = [f"{column}_{language}" for column in NAME_COLUMNS[side]]
    return dict(zip(CITY_NAME_FIELDS, columns, strict=True))


def all_columns(languages: Iterable[str]) -> set[str]:
    named = (
        column
        for language in languages
        for side in NAME_COLUMNS
        for column in name_columns(side, language).values()
    )
    return {*COLUMNS, *OPTIONAL, *named}
