"""The columns of the table of cities."""

from collections.abc import Iterable

from django.conf import settings

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
# Of the city's mayor, by the fields of a recipient.
MAYOR_COLUMNS = {
    "mayor_email": "email",
    "mayor_phone": "phone",
    "mayor_postal_address": "postal_address",
    "mayor_clerk": "clerk",
    "mayor_term_until": "term_until",
    "mayor_source": "source",
    "mayor_source_url": "source_url",
    "mayor_checked_on": "checked_on",
    "mayor_is_public": "is_public",
}
MAYOR_DATES = ["mayor_term_until", "mayor_checked_on"]
REQUIRED = ("city", "state", "sister_city", "sister_region", "status")
NOT_REQUIRED = [
    *(each for each in [*COLUMNS, *OPTIONAL] if each not in REQUIRED),
    *("mayor", "mayor_address", *MAYOR_COLUMNS),
]
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


def mayor_names(language: str) -> dict[str, str]:
    """The columns of the mayor's name in a language, by the field of a recipient's words.

    English needs no other forms.
    """
    if language == settings.LANGUAGE_CODE:
        return {"name": "mayor", "address": "mayor_address"}
    return {
        "name": f"mayor_{language}",
        "to_name": f"to_mayor_{language}",
        "of_name": f"of_mayor_{language}",
        "address": f"mayor_address_{language}",
    }


def all_columns(languages: Iterable[str]) -> set[str]:
    named: set[str] = set()
    for language in languages:
        named |= {*mayor_names(language).values()}
        for side in NAME_COLUMNS:
            named |= {*name_columns(side, language).values()}
    return {*COLUMNS, *OPTIONAL, *MAYOR_COLUMNS, *named}
