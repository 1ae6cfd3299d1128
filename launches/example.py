"""A table of cities to be filled in: every column, and one row."""

from django.conf import settings

from campaigns.models import Tie
from launches import mayors
from launches.columns import NAME_COLUMNS

# A row as it is to be filled in, with the forms of the names in the languages that we know.
FORMS = {
    "uk": {
        "city": ("Спрингфілд", "Спрингфілда", "у Спрингфілді", "зі Спрингфілдом", "Орегон"),
        "sister_city": (
            "Прикладськ",
            "Прикладська",
            "у Прикладську",
            "з Прикладськом",
            "Прикладська область",
        ),
    }
}


def example_row() -> dict[str, str]:
    row = {
        "city": "Springfield",
        "state": "Oregon",
        "sister_city": "Prykladsk",
        "sister_region": "Prykladsk Oblast",
        "since": "1990",
        "status": Tie.Status.ACTIVE.value,
        "status_date": "2022-06-04",
        "source_title": "Title of the report",
        "source_publisher": "Its publisher",
        "source_url": "https://news.example/1",
        "source_language": settings.LANGUAGE_CODE,
        "checked_at": "2022-06-10",
        "latitude": "44.0462",
        "longitude": "-123.0220",
        "time_zone": "America/Los_Angeles",
        **mayors.example(),
    }
    further = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    for code in further:
        for side, columns in NAME_COLUMNS.items():
            forms = FORMS.get(code, {}).get(side, [""] * len(columns))
            row |= {f"{c}_{code}": form for c, form in zip(columns, forms, strict=True)}
        row |= mayors.example_names(code)
    return row
