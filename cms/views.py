"""What is answered in place of a page: nothing here, not allowed, a fault."""

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from cms.middleware import is_away, unavailable
from home.meant import meant_cities
from home.other_languages import find_other_languages, is_without_language
from home.views import in_language


def leads_on(request: HttpRequest) -> bool:
    """Whether there is a redirect from here, whose middleware answers in place of a 404 alone."""
    paths = {
        Redirect.normalise_path(each, decode_unicode=False)
        for each in (request.get_full_path(), request.path)
    }
    return any(get_redirect(request, path) for path in paths)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing here; or a page that waits for its translation, which no search engine may keep."""
    language = get_language() or settings.LANGUAGE_CODE
    # No page's address holds a NUL, and PostgreSQL would not even look for one.
    may_be_page = request.method in ("GET", "HEAD") and "\0" not in request.path
    if may_be_page and is_without_language(request):
        return in_language(request, request.get_full_path())
    is_here = may_be_page and not leads_on(request)
    elsewhere = find_other_languages(request, language) if is_here else []
    if not elsewhere:
        query, found = meant_cities(request) if may_be_page else ("", None)
        return render(request, "404.html", {"query": query, "found": found}, status=404)
    response = render(request, "missing.html", {"language": language, "elsewhere": elsewhere})
    response["X-Robots-Tag"] = "noindex"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; or a database that was away for a middleware or for the page of a 404."""
    if is_away(sys.exception()):
        return unavailable(request)
    return render(request, "500.html", {"language": get_language()}, status=500)


def refused(
    request: HttpRequest, exception: Exception | None = None, reason: str = ""
) -> HttpResponse:
    """Not allowed, or a form that no page of ours has sent. The reason is for programmers only."""
    return render(request, "403.html", status=403)
