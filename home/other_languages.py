"""Pages that a visitor's language does not have yet."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import get_language, get_language_from_path
from wagtail.url_routing import RouteResult

from home.models import HomePage

# The name of the address at which all pages are.
WAGTAIL_SERVE = "wagtail_serve"


@dataclass(frozen=True)
class OtherLanguagePage:
    """A live page in another language."""

    language: str
    address: str
    title: str


def find_other_languages(request: HttpRequest, language: str) -> list[OtherLanguagePage]:
    """What stands at the same address in other languages; slugs are the same in all of them."""
    _empty, code, *parts = request.path.split("/")
    # Without the slash at its end, an address is first of all mistyped.
    if code != language or parts[-1:] != [""]:
        return []
    homes = HomePage.objects.live().filter(alias_of=None).exclude(locale__language_code=language)
    return [
        found
        for home in homes.select_related("locale")
        if (found := _find(home, request, [part for part in parts if part]))
    ]


def is_without_language(request: HttpRequest) -> bool:
    """Whether only a language is missing before an address to make it one of a page or form."""
    if get_language_from_path(request.path) or not request.path.endswith("/"):
        return False
    try:
        # Addresses are known with the language that is active before them.
        found = resolve(f"/{get_language()}{request.path}")
    except Resolver404:
        return False
    if found.url_name != WAGTAIL_SERVE:
        return True
    parts = [part for part in request.path.split("/") if part]
    homes = HomePage.objects.live().filter(alias_of=None).select_related("locale")
    return any(_find(home, request, parts) for home in homes)


def _find(home: HomePage, request: HttpRequest, parts: list[str]) -> OtherLanguagePage | None:
    try:
        page = RouteResult(*home.route(request, parts)).page.specific
    except Http404:
        return None
    if home.language not in page.language_links:
        return None
    title = getattr(page, "heading", page.title)
    return OtherLanguagePage(home.language, "/".join(["", home.language, *parts, ""]), title)
