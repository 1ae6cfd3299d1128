"""What stands around every page and changes rarely, kept by each process until a version moves."""

import copy
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Site

from home.models import Contact, HomePage

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


def contact_of(site: Site) -> Contact:
    if site.pk not in _contacts:
        # Wagtail's own way stores one that is empty, and looking at a page writes nothing.
        _contacts[site.pk] = Contact.objects.filter(site=site).first() or Contact(site=site)
    return _contacts[site.pk]
