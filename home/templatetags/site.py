"""What surrounds every page."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import babel
from babel.core import get_global
from django import template
from django.conf import settings
from django.template import Context
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info
from wagtail.models import Site

from campaigns.pages.routing import found_for
from campaigns.records.pauses import is_site_paused
from home import surroundings

register = template.Library()


@register.simple_tag(takes_context=True)
def site_menu(context: Context) -> dict[str, Any]:
    """The language's home page, menu pages and first campaign, who answers, and a pause of all."""
    request = context.get("request")
    site = surroundings.site_of(request) if request else Site.objects.first()
    home = surroundings.homes(site).get(get_language() or "") if site else None
    rows = surroundings.menu_below(home, found_for(request)) if home else []
    above = home.get_url(request) if home else ""
    entries = [
        (row.content_type_id, {"title": row.title, "url": f"{above}{row.slug}/"}) for row in rows
    ]
    text, campaign = surroundings.menu_kinds()
    return {
        "home": home,
        "pages": [entry for kind, entry in entries if kind == text],
        "campaign": next((entry for kind, entry in entries if kind == campaign), None),
        "contact": surroundings.contact_of(site) if site else None,
        "root_url": site.root_url if site else "",
        "is_paused": is_site_paused(),
    }


@register.simple_tag
@cache
def language_with_territory(code: str) -> str:
    """As Open Graph wants it: en_US. The territory is where most of its speakers live."""
    locale = babel.Locale.parse(code, sep="-")
    likely = get_global("likely_subtags").get(locale.language, "")
    return f"{locale.language}_{locale.territory or likely.rpartition('_')[2]}"


@dataclass(frozen=True)
class LanguageChoice:
    code: str
    name: str
    address: str


@register.simple_tag(takes_context=True)
def language_switch(context: Context) -> list[LanguageChoice]:
    """For every language, the address of this very page in it.

    Where there is no such page, the address differs in its prefix alone: it answers with a word
    about the missing translation. So does every address outside the page tree.
    """
    # The page that is shown, which a signer's own addresses only name.
    page = context.get("self")
    links = context.get("language_links") or getattr(page, "language_links", {})
    request = context.get("request")
    here = f"/{get_language()}/"
    path = request.path if request else here
    # What was searched for or chosen stays so.
    query = request.META.get("QUERY_STRING", "") if request and request.method == "GET" else ""
    choices = []
    for code, _name in settings.LANGUAGES:
        fallback = f"/{code}/"
        if path.startswith(here):
            fallback += path.removeprefix(here)
        address = links.get(code, fallback) + (f"?{query}" if query else "")
        name = capfirst(get_language_info(code)["name_local"])
        choices.append(LanguageChoice(code, name, address))
    return choices
