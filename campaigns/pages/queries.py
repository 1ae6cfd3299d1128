"""What petitions are called in lists and sentences of the admin, in its reader's language."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from wagtail.models import Locale, Page

from campaigns.pages.petition_pages import CampaignPage, PetitionPage
from campaigns.records.petitions import Petition


def named(petitions: Iterable[Petition]) -> dict[Any, str]:
    """By their ids. In a constant number of queries, where the petitions come `with_names`."""
    rows = list(petitions)
    titles = pages_of([row for row in rows if row.tie_id is None])
    return {row.pk: _petition_name(row, titles.get(row.pk)) for row in rows}


def _petition_name(petition: Petition, page: Page | None) -> str:
    if petition.tie is None:
        return page.title if page else str(petition)
    language = get_language() or ""
    names = [city.name_in(language) for city in (petition.tie.city, petition.tie.sister_city)]
    return f"{names[0]} – {names[1].name}"


def title_of(page: Page) -> str:
    """A page's title in the reader's language, where the page is there in it."""
    translations = Page.objects.filter(translation_key=page.translation_key)
    found = translations.filter(locale__language_code=get_language()).first()
    return str((found or page).specific.get_admin_display_title())


def source_pages_of(petitions: Iterable[Petition]) -> dict[Any, Page]:
    """The pages in the source language, by petition id."""
    return _pages_in([Locale.get_default().language_code], petitions)


def pages_of(petitions: Iterable[Petition]) -> dict[Any, Page]:
    """The pages in the language of whoever asks, else in the source language, by petition id."""
    return _pages_in([Locale.get_default().language_code, get_language() or ""], petitions)


def _pages_in(languages: list[str], petitions: Iterable[Petition]) -> dict[Any, Page]:
    """The last of the languages in which there is a page counts."""
    found: dict[Any, Page] = {}
    for model in (CampaignPage, PetitionPage):
        pages = model.objects.filter(
            petition__in=petitions, locale__language_code__in=languages
        ).select_related("locale")
        for page in sorted(pages, key=lambda page: languages.index(page.locale.language_code)):
            found[page.petition_id] = page
    return found
