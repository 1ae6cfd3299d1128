"""Takes a signature before anybody asks who is logged in, what they were told, or what view it is.

All of that took a fifth of a signature's time, and decides nothing about one. Whoever's signature
is not taken goes on through everything to the view, which shows why.
"""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from signatures.views.same_origin import is_own
from signatures.views.sign import Shown, attempt

# As `signatures.urls` has it.
ADDRESS = re.compile(r"/([\w-]+)/petitions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/sign/")


class SigningMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        petition_id = signed(request)
        if petition_id and is_own(request):
            answer = attempted(request, petition_id)
            if isinstance(answer, HttpResponse):
                return answer
            request.attempted = answer  # type: ignore[attr-defined]
        return self.get_response(request)


def signed(request: HttpRequest) -> uuid.UUID | None:
    """The petition whose form was posted; nothing where the address is in no language of ours."""
    found = ADDRESS.fullmatch(request.path_info) if request.method == "POST" else None
    return uuid.UUID(found[2]) if found and found[1] == get_language() else None


def attempted(request: HttpRequest, petition_id: uuid.UUID) -> HttpResponse | Shown:
    try:
        return attempt(request, petition_id)
    except Exception as error:  # noqa: BLE001 - the view raises it, before those who know it there
        return raising(error)


def raising(error: Exception) -> Shown:
    def again(_request: HttpRequest) -> HttpResponse:
        raise error

    return again
