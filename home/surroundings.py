"""What stands around every page and changes rarely, kept by each process until a version moves."""

import copy
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, Site

from campaigns.models import CampaignPage
from campaigns.pages.routing import Found, looked_over
from home.models import Contact, ContentPage, HomePage

# Whoever asks chooses the host, within what ALLOWED_HOSTS lets through.
MOST_HOSTS = 100

_sites: dict[tuple[str, str], Site | None] = {}
_homes: dict[int, dict[str, HomePage]] = {}
_contacts: dict[int, Contact] = {}


def forget() -> None:
    for kept in (_sites, _homes, _contacts):
        kept.clear()


def site_of(request: HttpRequest) -> Site | None:
    """Wagtail's `Site.find_for_request`, whose place on the request it takes."""
    if hasattr(request, "_wagtail_site"):
        return Site.find_for_request(request)
    asked = (request.get_host(), request.get_port())
    if asked not in _sites:
        if len(_sites) >= MOST_HOSTS:
            _sites.clear()
        _sites[asked] = Site.find_for_request(request)
    request._wagtail_site = _sites[asked]  # type: ignore[attr-defined]
    return _sites[asked]


def homes(site: Site) -> dict[str, HomePage]:
    """The site's live home pages, by language."""
    if site.pk not in _homes:
        pages: Any = HomePage.objects.filter(
            translation_key=site.root_page.translation_key, live=True
        ).select_related("locale")
        _homes[site.pk] = {page.language: page for page in pages}
    return _homes[site.pk]


def home_in(site: Site) -> HomePage | None:
    """The home page in the visitor's language, for a view of its own to change."""
    home = homes(site).get(get_language() or "")
    return copy.copy(home) if home else None


def menu_kinds() -> tuple[int, int]:
    """The content types of text pages and of campaigns."""
    kinds = ContentType.objects.get_for_models(ContentPage, CampaignPage)
    return kinds[ContentPage].pk, kinds[CampaignPage].pk


def beside(home: HomePage) -> Q:
    """The pages below a home page that a menu may show."""
    return Q(depth=home.depth + 1, content_type__in=menu_kinds())


def menu_below(home: HomePage, found: Found | None) -> list[Page]:
    """What a menu shows: every campaign, and the text pages that are meant for it, in their order.

    Where the pages on the way to an address were found, these were found with them.
    """
    text, campaign = menu_kinds()
    below = Page.objects.child_of(home).filter(beside(home))
    return [
        row
        for row in (found.rows if found else looked_over(below))
        if row.depth == home.depth + 1 and row.path.startswith(home.path)
        if row.live and row.is_public and row.locale_id == home.locale_id
        if row.content_type_id == campaign or (row.content_type_id == text and row.show_in_menus)
    ]


def contact_of(site: Site) -> Contact:
    if site.pk not in _contacts:
        # Wagtail's own way stores one that is empty, and looking at a page writes nothing.
        _contacts[site.pk] = Contact.objects.filter(site=site).first() or Contact(site=site)
    return _contacts[site.pk]
