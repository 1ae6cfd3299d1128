from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control

Response = TypeVar("Response", bound=HttpResponseBase)


ROBOTS = {"X-Robots-Tag": "noindex, nofollow"}
PERSONAL = {"Cache-Control": "private, no-store", **ROBOTS}


def see_other(address: str) -> HttpResponse:
    """303: go there with GET."""
    return HttpResponse(status=303, headers={"Location": address, **PERSONAL})


def personal(response: Response) -> Response:
    """Keeps a personal page out of caches and search engines."""
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = ROBOTS["X-Robots-Tag"]
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """For a forged, foreign, outdated or used-up link alike."""
    return personal(render(request, "signatures/gone.html", status=404))
