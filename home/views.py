"""Addresses of the site as a whole that are no pages."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from home.models import Contact


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
