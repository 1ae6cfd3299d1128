"""Public JSON: numbers and words, never a person."""

import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import conditional_page

from campaigns.models import Petition
from signatures import counts


def as_json(petition: Petition) -> dict[str, Any]:
    pages = list(petition.live_pages())
    is_campaign = petition.tie_id is None
    count = counts.signatures_of(petition)
    data = {
        "id": str(petition.id),
        "url": {page.language: settings.BASE_URL + page.url for page in pages if page.url},
        "title": {page.language: page.heading for page in pages},
        "signatures": count,
        "goal": petition.goal_at(counts.shown_count(petition)),
        "opens_at": petition.opens_at,
        "closes_at": petition.closes_at,
        "is_open": petition.state() == Petition.State.OPEN and bool(pages),
        "tie": None,
        "by_country": counts.by_country(petition),
    }
    if is_campaign:
        data["people"] = counts.people_of(petition)
    elif petition.tie:
        data["tie"] = {
            "city": {page.language: page.city_name.name for page in pages},
            "sister_city": {page.language: page.sister_city_name.name for page in pages},
            "status": petition.tie.status,
        }
    return data


def public(data: Any) -> JsonResponse:
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    # Whoever keeps it asks, by its ETag, whether it is still so.
    response["Cache-Control"] = "public, no-cache"
    return response


def for_reading(view: Callable[..., JsonResponse]) -> Callable[..., HttpResponse]:
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
def petitions(request: HttpRequest) -> JsonResponse:
    listed = Petition.objects.listed().with_names()
    return public({"petitions": [as_json(petition) for petition in listed]})


@for_reading
def petition(request: HttpRequest, petition_id: uuid.UUID) -> JsonResponse:
    found = Petition.objects.listed().with_names().filter(pk=petition_id).first()
    if found is None:
        raise Http404
    return public(as_json(found))


urlpatterns = [
    path("petitions/", petitions, name="petitions"),
    path("petitions/<uuid:petition_id>/", petition, name="petition"),
]
