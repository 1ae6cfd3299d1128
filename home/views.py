"""Addresses of the site as a whole that are no pages."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from home import surroundings
from home.models import Contact
from pagecache.declaring import declare

ICON_SIZES = (192, 512)


def preferred_language(request: HttpRequest) -> str:
    """The visitor's language by `Accept-Language`; English when none fits."""
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    return in_language(request, "/")


def in_language(request: HttpRequest, path: str) -> HttpResponse:
    """To the same address in the visitor's language."""
    response = HttpResponseRedirect(f"/{preferred_language(request)}{path}")
    response["Vary"] = "Accept-Language"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(f"Disallow: /{code}/signatures/" for code, _name in settings.LANGUAGES),
        *(f"Disallow: /{code}/petitions/" for code, _name in settings.LANGUAGES),
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone shows of the site where somebody puts it among their apps."""
    site = surroundings.site_of(request)
    home = surroundings.homes(site).get(settings.LANGUAGE_CODE) if site else None
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ICON_SIZES
    ]
    found = {
        "name": home.title if home else settings.WAGTAIL_SITE_NAME,
        "start_url": "/",
        "display": "browser",
        "background_color": "#fbf9f4",
        "theme_color": "#123a6b",
        "icons": [*icons, {**icons[-1], "purpose": "maskable"}],
    }
    response = JsonResponse(found, content_type="application/manifest+json")
    declare(response, in_every_language=True)
    return response


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116. Expires a good half year from now, at the start of a month."""
    contact = Contact.for_request(request)
    later = datetime.now(UTC) + timedelta(days=200)
    expires = later.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    lines = [
        f"Contact: mailto:{contact.email}",
        f"Expires: {expires.isoformat()}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
