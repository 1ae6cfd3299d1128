"""What every response passes through."""

import logging
import time
from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_path

from pagecache.versions import reader
from security import csp_reports

logger = logging.getLogger(__name__)

# Seconds in which a database that does not answer at all has not shown it yet.
TRIED_AGAIN_WITHIN = 2.0
# A server that ends every connection may hit a reader twice, as one being moved does.
TRIES = 3


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strictest policy for the public, Wagtail's needs for the admin and its previews."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        # It is everybody's, so it is put together once.
        self.public = build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # Where `report-to` of the policy leads; older browsers read `report-uri`.
        response.headers.setdefault("Reporting-Endpoints", f'csp="{csp_reports.PATH}"')
        # A preview is shown at an address of the admin, but rendered as if at the page's own.
        is_preview = getattr(request, "is_preview", False)
        if is_preview or request.path.startswith("/admin/"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        elif not settings.DEBUG and not hasattr(response, "_csp_config"):
            response.headers.setdefault(HEADER, self.public)
            return response
        return super().process_response(request, response)


class LanguageMiddleware(LocaleMiddleware):
    """The visitor's language. Django's own would lead everything unknown on to a language."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code != 404 or get_language_from_path(request.path_info):
            return super().process_response(request, response)
        patch_vary_headers(response, ["Accept-Language"])
        response.headers.setdefault("Content-Language", get_language())
        return response


class VersionsMiddleware:
    """Each request sees what other processes have changed, at most half a second late."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reader.look()
        return self.get_response(request)


class UnreadableMiddleware:
    """What no browser sends and nobody can read, before anything looks into it.

    No path of ours holds a NUL, and PostgreSQL does not even compare a text with one: in a question
    to the admin it would look as if the database were away. A form is in UTF-8 or in no way that
    Django reads.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        question = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "//" in request.path_info:
            raise Http404
        if "%00" in question and request.path_info.startswith("/admin/"):
            raise Http404
        charset = request.content_params.get("charset", "utf-8") if request.content_params else ""
        if charset and charset.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise BadRequest(charset)
        return self.get_response(request)


class UnavailableDatabaseMiddleware:
    """A database that is locked or away: come back later, instead of an error.

    What only reads is tried again where the connection was lost, as when a database restarts or
    hands over to another. It stands outside of all that asks the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = self.get_response(request)
        for _further in range(TRIES - 1):
            if (
                not getattr(response, "is_database_away", False)
                or request.method not in ("GET", "HEAD")
                or not lost_connection(time.monotonic() - started)
            ):
                break
            response = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return unavailable(request) if is_away(error) else None


def is_away(error: BaseException | None) -> bool:
    return isinstance(error, OperationalError | InterfaceError)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "30"
    response.is_database_away = True  # type: ignore[attr-defined]
    # One line is enough; Django would add a traceback for every visitor.
    response._has_been_logged = True  # type: ignore[attr-defined]
    logger.error("The database does not answer.")
    return response


def lost_connection(seconds: float) -> bool:
    """Whether the connection is no longer one. It is put away, so that the next query has another.

    A lock that was not to be had, or a query that took too long, leaves it whole. Where there is
    none, a transaction may have dropped it, or none was to be had, which takes `seconds` to show.
    """
    if connection.connection is None:
        return seconds < TRIED_AGAIN_WITHIN
    if connection.is_usable():
        return False
    connection.close()
    return True
