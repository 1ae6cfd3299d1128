"""Pages at their addresses."""

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.url_routing import RouteResult
from wagtail.views import serve as wagtail_serve

from campaigns.pages.routing import Found
from home import surroundings
from home.models import HomePage


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's own view, which takes the route that it finds on the request."""
    site = surroundings.site_of(request)
    # Where there is none in a language, Wagtail looks below the source language's.
    if site and (home := surroundings.home_in(site)):
        slugs = [part for part in path.split("/") if part]
        request.found_pages = Found(home, slugs, surroundings.beside(home))  # type: ignore[attr-defined]
        request._wagtail_route_for_request = route(home, request, slugs)  # type: ignore[attr-defined]
    return wagtail_serve(request, path)


def route(home: HomePage, request: HttpRequest, slugs: list[str]) -> RouteResult | None:
    try:
        return home.route(request, slugs)
    except Http404:
        return None
