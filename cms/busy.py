"""Pages that say that there is no room, made by Django once for each language."""

from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language_from_path

# Of a WSGI environment that asks for one: its status. No visitor's header has such a name.
BUSY = "cms.busy"
RETRY_AFTER_SECONDS = "30"


class BusyMiddleware:
    """Inside of all that gives an answer its headers, outside of all that asks the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return page(request) if BUSY in request.META else self.get_response(request)


def page(request: HttpRequest) -> HttpResponse:
    language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    status = request.META[BUSY]
    with translation.override(language):
        response = render(request, f"{status:d}.html", status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = RETRY_AFTER_SECONDS
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    # A line for each would be one more thing to do.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def environ_for(
    language: str, environ: dict[str, Any], status: int = HTTPStatus.SERVICE_UNAVAILABLE
) -> dict[str, Any]:
    """Asks for the page of a status, with nothing of whoever is told it first."""
    told = ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO")
    kept = {
        name: value
        for name, value in environ.items()
        if name in told or not name.startswith("HTTP_")
    }
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/{language}/", "QUERY_STRING": ""}
    # Of a body that is too large nothing was read.
    without_body = {"CONTENT_LENGTH": "", "wsgi.input": BytesIO()}
    return {**kept, **asked, **without_body, BUSY: status}
