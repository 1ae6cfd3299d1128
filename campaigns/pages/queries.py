"""The pages of many petitions at once, and what petitions are called after them."""

from typing import Any

from django.utils.translation import get_language
from wagtail.models import Locale, Page

from campaigns.pages.petition_pages import CampaignPage, PetitionPage
from campaigns.records.petitions import Petition


def source_pages_of(petitions: list[Petition]) -> dict[Any, Page]:
    """The pages in the source language, by petition id."""
    return _pages_in([Locale.get_default().language_code], petitions)


def pages_of(petitions: list[Petition]) -> dict[Any, Page]:
    """The pages in the language of whoever asks, else in the source language, by petition id."""
    return _pages_in([Locale.get_default().language_code, get_language() or ""], petitions)


def _pages_in(languages: list[str], petitions: list[Petition]) -> dict[Any, Page]:
    """The last of the languages in which there is a page counts."""
    found: dict[Any, Page] = {}
    for model in (CampaignPage, PetitionPage):
        pages = model.objects.filter(
            petition__in=petitions, locale__language_code__in=languages
        ).select_related("locale")
        for page in sorted(pages, key=lambda page: languages.index(page.locale.language_code)):
            found[page.petition_id] = page
    return found


def name_of(petition: Petition, page: Page | None, language: str) -> str:
    if petition.tie is None:
        return page.title if page else str(petition)
    names = [city.name_in(language) for city in (petition.tie.city, petition.tie.sister_city)]
    return f"{names[0]} – {names[1].name}"
