"""What surrounds every page."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import babel
from babel.core import get_global
from django import template
from django.conf import settings
from django.db.models import Q
from django.template import Context
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info

from campaigns.models import CampaignPage
from home.models import Contact, ContentPage, HomePage

register = template.Library()


@register.simple_tag(takes_context=True)
def site_menu(context: Context) -> dict[str, Any]:
    """The language's home page, menu pages and first campaign, and who answers for them."""
    home = HomePage.objects.live().filter(locale__language_code=get_language()).first()
    request = context.get("request")
    contact = Contact.for_request(request) if request else None
    if home is None:
        return {"home": None, "pages": [], "campaign": None, "contact": contact}
    here = Q(locale=home.locale_id)
    return {
        "home": home,
        "pages": ContentPage.objects.child_of(home).filter(here).live().public().in_menu(),
        "campaign": CampaignPage.objects.child_of(home).filter(here).live().public().first(),
        "contact": contact,
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
