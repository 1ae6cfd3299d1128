"""Public JSON: its addresses, and how it is answered."""

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import conditional_page

from campaigns.models import Petition
from signatures.public_data import petition_data


def public(data: Mapping[str, object]) -> JsonResponse:
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
    return public({"petitions": [petition_data(petition) for petition in listed]})


@for_reading
def petition(request: HttpRequest, petition_id: uuid.UUID) -> JsonResponse:
    found = Petition.objects.listed().with_names().filter(pk=petition_id).first()
    if found is None:
        raise Http404
    return public(petition_data(found))


urlpatterns = [
    path("petitions/", petitions, name="petitions"),
    path("petitions/<uuid:petition_id>/", petition, name="petition"),
]
