"""Production settings whose every logger says all it can, and a site that fails as it is told to."""

import ctypes
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InternalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines

from cms.settings.production import *  # noqa: F403
from cms.settings.production import LOGGING, MIDDLEWARE, STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
for each in LOGGING["loggers"].values():  # type: ignore[attr-defined]
    each["level"] = "DEBUG"
LOGGING["root"]["level"] = "DEBUG"  # type: ignore[index]
MIDDLEWARE = ["tests.security.faulty_settings.Faults", *MIDDLEWARE]


class Faults:
    """Does what the header X-Fault says, with the whole request in the error's own words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("X-Fault") == "middleware":
            raise RuntimeError(f"{request!r} {request.META}")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        told = f"{request!r} {request.get_full_path()} {kwargs}"
        match request.headers.get("X-Fault"):
            case "view":
                raise RuntimeError(told)
            case "chained":
                try:
                    raise KeyError(told)
                except KeyError as error:
                    raise ValueError(request.build_absolute_uri()) from error
            case "database":
                raise InternalError(told)
            case "missing":
                raise Http404(told)
            case "denied":
                raise PermissionDenied(told)
            case "suspicious":
                raise SuspiciousOperation(told)
            case "template":
                words = "{% load static %}{{ request.path }}{% include name %}"
                text = engines["django"].from_string(words).render({"name": told}, request)
                return HttpResponse(text)
            case "slow":
                # With Python's lock in its hand, so that the whole process stands still.
                ctypes.PyDLL(None).sleep(60)
        return None
