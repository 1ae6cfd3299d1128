"""Find your city: by city or state, in any language's alphabet, however it is spelled."""

from typing import Any

from django.db.models import Q

from campaigns.pages.petition_pages import PetitionPage
from campaigns.records.cities import CityName
from campaigns.records.petitions import CAMPAIGN_IS_LIVE, is_public
from translations.languages.collation import sort_key
from translations.languages.folding import fold


def of_cities(text: str, tie: str = "") -> Q:
    """Each word of a text in either city's name or region, in any language and case.

    `tie` leads from a row to its tie, like `petition__tie__`; for a tie itself it is empty.
    """
    fits = Q()
    for word in fold(text).split():
        cities = CityName.objects.filter(folded__contains=word).values("city")
        sides: dict[str, Any] = {f"{tie}{side}__in": cities for side in ("city", "sister_city")}
        fits &= Q(**sides, _connector=Q.OR)
    return fits


def names_city(query: str) -> Q:
    """The condition on city pages that each word of a query is found in either city's names.

    Each may be in the name or the region, in whatever language it was typed. A query without a
    word makes a condition that is false as a truth value and that everything fulfils.
    """
    return of_cities(query, "petition__tie__")


def find_city_pages(query: str, language: str) -> list[PetitionPage]:
    """The city pages of a language that visitors can see and that fit a query, by name."""
    fits = names_city(query)
    if not fits:
        return []
    pages = (
        PetitionPage.objects.live()
        .filter(fits, CAMPAIGN_IS_LIVE, is_public(), locale__language_code=language)
        .select_related("petition__tie__city", "petition__tie__sister_city", "locale")
        .prefetch_related(
            "petition__tie__events",
            "petition__tie__city__names__locale",
            "petition__tie__sister_city__names__locale",
        )
    )
    return sorted(pages, key=lambda page: sort_key(page.city_name.name, language))
