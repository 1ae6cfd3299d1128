"""Public JSON: its addresses, and how it is answered."""

import re
import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import translation
from django.views.decorators.http import conditional_page

from campaigns.models import Petition
from pagecache.declaring import declare
from pagecache.holes import hole
from signatures.shown import moving
from signatures.shown.data import petitions_data

LISTED = 100
# No number of a page that there could be is longer.
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)

# Each petition's number is in it, which nothing tells of before the next count.
SECONDS = 2.0


def public(data: Mapping[str, object], pages: int = 1) -> HttpResponse:
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    choices = {"page": [str(number) for number in range(1, pages + 1)]} if pages > 1 else {}
    declare(response, choices, seconds=SECONDS, in_every_language=True)
    return with_headers(response)


def with_headers(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    # Whoever keeps it asks, by its ETag, whether it is still so.
    response["Cache-Control"] = "public, no-cache"
    return response


def for_reading(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers GET and HEAD with the same headers, and says of other methods what is meant."""
    conditional: Callable[..., HttpResponse] = conditional_page(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method = request.method
        if method not in ("GET", "HEAD"):
            return JsonResponse(
                {"error": "This can only be read: use GET or HEAD."},
                status=HTTPStatus.METHOD_NOT_ALLOWED,
                headers={"Allow": "GET, HEAD"},
            )
        # Django gives an ETag to answers to GET alone. The server leaves out the body of the other.
        request.method = "GET"
        try:
            return conditional(request, *args, **kwargs)
        finally:
            request.method = method

    return answer


@for_reading
def petitions(request: HttpRequest) -> HttpResponse:
    """In pages, each of which leads to the next as long as there is one."""
    asked = request.GET.get("page", "1")
    pages = Paginator(Petition.objects.listed().with_names(), LISTED)
    number = int(asked) if PAGE_NUMBER.fullmatch(asked) else 0
    if not 1 <= number <= pages.num_pages:
        return JsonResponse({"error": "There is no such page."}, status=HTTPStatus.NOT_FOUND)
    page = pages.page(number)
    following = f"{settings.BASE_URL}{request.path}?page={number + 1}"
    data = {
        "petitions": petitions_data(page.object_list),
        "next": following if page.has_next() else None,
    }
    return public(data, pages.num_pages)


@for_reading
def petition(request: HttpRequest, petition_id: uuid.UUID) -> HttpResponse:
    found = list(Petition.objects.listed().with_names().filter(pk=petition_id))
    if not found:
        raise Http404
    return public(petitions_data(found)[0])


@for_reading
def count(request: HttpRequest, petition_id: uuid.UUID) -> HttpResponse:
    """How many have signed, for a page that is open: in the words of the page."""
    found = Petition.objects.listed().with_names().filter(pk=petition_id).first()
    if found is None:
        raise Http404
    languages = [code for code, _name in settings.LANGUAGES]
    asked = request.GET.get("language", "")
    with translation.override(asked if asked in languages else settings.LANGUAGE_CODE):
        data = hole("progress_json", *moving.of(found), numbers=moving.known(found))
    response = HttpResponse(data, content_type="application/json")
    declare(response, {"language": languages}, in_every_language=True)
    return with_headers(response)


urlpatterns = [
    path("petitions/", petitions, name="petitions"),
    path("petitions/<uuid:petition_id>/", petition, name="petition"),
    path("petitions/<uuid:petition_id>/count/", count, name="count"),
]
