"""Countries in the order of the reader's alphabet. The package's own order is Unicode's."""

from collections.abc import Iterator
from typing import Any

import django_countries
from django.utils.translation import get_language

from translations.languages.collation import sort_key


class Countries(django_countries.Countries):
    def __init__(self) -> None:
        super().__init__()
        self._in_order: dict[str, list[Any]] = {}

    def __iter__(self) -> Iterator[Any]:
        language = get_language() or ""
        if language not in self._in_order:
            found = list(super().__iter__())
            found.sort(key=lambda country: sort_key(str(country.name), language))
            self._in_order[language] = found
        yield from self._in_order[language]


countries = Countries()
