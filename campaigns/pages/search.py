"""Find your city: by city or state, in any language's alphabet, however it is spelled."""

from typing import Any

from django.db.models import Q
from wagtail.models import Page

from campaigns.pages.city_rows import CityRow, city_rows
from campaigns.pages.petition_pages import PetitionPage
from campaigns.records.cities import CityName
from campaigns.records.petitions import CAMPAIGN_IS_LIVE
from campaigns.records.visibility import is_public
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


def find_cities(query: str, home: Page) -> list[CityRow]:
    """The cities whose pages visitors of a home page can see and that fit a query, by name."""
    fits = names_city(query)
    if not fits:
        return []
    pages = PetitionPage.objects.live().descendant_of(home)
    return city_rows(pages.filter(fits, CAMPAIGN_IS_LIVE, is_public(), locale=home.locale_id), home)
