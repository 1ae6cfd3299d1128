"""The mayor of a city as a row of the table tells them, beside the columns of the city itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from campaigns.models import City, Recipient, RecipientWords
from launches.cells import AddressCell, DayCell, EmailCell, PhoneCell, TextCell, YesCell
from launches.columns import MAYOR_COLUMNS, mayor_names

CELLS = {
    "email": EmailCell((Recipient, "email")),
    "phone": PhoneCell((Recipient, "phone")),
    "source_url": AddressCell((Recipient, "source_url")),
    "checked_on": DayCell(),
    "term_until": DayCell(),
    "is_public": YesCell(),
}


def cells(languages: Iterable[str]) -> dict[str, TextCell]:
    """By their columns."""
    found = {
        column: CELLS.get(field) or TextCell((Recipient, field))
        for column, field in MAYOR_COLUMNS.items()
    }
    for language in languages:
        for field, column in mayor_names(language).items():
            found[column] = TextCell((RecipientWords, field))
    return found


def told(data: Mapping[str, Any], languages: Iterable[str]) -> dict[str, Any]:
    """What a row says of the mayor, as JSON keeps it; empty where it says nothing."""
    facts = {field: data.get(column) for column, field in MAYOR_COLUMNS.items()}
    for name in ("checked_on", "term_until"):
        if day := facts[name]:
            facts[name] = day.isoformat()
    words = {}
    for language in languages:
        forms = {field: data.get(column) for field, column in mayor_names(language).items()}
        if any(forms.values()):
            words[language] = {field: form or "" for field, form in forms.items()}
    found = {name: fact for name, fact in facts.items() if fact}
    return {**found, "words": words} if words or found else {}


def store(city: City, mayor: Mapping[str, Any]) -> Recipient | None:
    """Makes the office, unless it is known already: then it stays as it was entered."""
    office = Recipient.Office.MAYOR
    if not mayor or Recipient.objects.filter(city=city, office=office).exists():
        return None
    facts = {name: fact for name, fact in mayor.items() if name != "words"}
    recipient = Recipient(city=city, office=office, **facts)
    # Days, which JSON keeps as texts.
    recipient.clean_fields()
    recipient.words = [
        RecipientWords(language=language, **forms) for language, forms in mayor["words"].items()
    ]
    recipient.save()
    return recipient


def example() -> dict[str, str]:
    return {
        "mayor": "Jane Doe",
        "mayor_address": "Dear Mayor Doe,",
        "mayor_email": "mayor@city.example",
        "mayor_phone": "(555) 555-0100",
        "mayor_postal_address": "1 Main Street, Springfield, OR 97000",
        "mayor_clerk": "City Recorder, recorder@city.example",
        "mayor_term_until": "2028-12-31",
        "mayor_source": "Title of the city’s page",
        "mayor_source_url": "https://city.example/mayor",
        "mayor_checked_on": "2022-06-10",
        "mayor_is_public": "yes",
    }


EXAMPLE_NAMES = {"uk": ("Джейн Доу", "Джейн Доу", "Джейн Доу", "Вельмишановна пані Доу!")}


def example_names(language: str) -> dict[str, str]:
    columns = mayor_names(language).values()
    return dict(zip(columns, EXAMPLE_NAMES.get(language, [""] * len(columns)), strict=True))
