"""Hands a finished answer to what keeps it, and fills its holes where it is not kept."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from pagecache import holes
from pagecache.declaring import declared, may_be_kept
from pagecache.entries import Rendered

# Of a WSGI environment in which the answer is wanted for keeping: a list that takes it.
WANTED = "pagecache.wanted"


class KeepingMiddleware:
    """The outermost of all, so that what is kept has every header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.META.get(WANTED)
        if wanted is None:
            return self.get_response(request)
        with holes.marked() as marks:
            response = self.get_response(request)
        found = declared(response)
        if found and may_be_kept(request, response):
            for name in ["Content-Language", "Vary"] if found.in_every_language else []:
                del response.headers[name]
            parts = marks.split(response.text)
            wanted.append(Rendered(found, list(response.items()), parts))
        elif marks.holes and not response.streaming:
            response.content = holes.filled(marks.split(response.text))
        return response
