"""What the admin answers where a page refuses to go live."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.auth import get_localized_response

from campaigns.going_live import HalfTranslatedError
from campaigns.wagtail_hooks.translations import sentence


class HalfTranslatedMiddleware:
    """Says what is missing, also where Wagtail publishes without asking, as workflows do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, HalfTranslatedError) or not request.user.is_authenticated:
            return None
        response: HttpResponse = get_localized_response(refuse, request, error)
        return response


def refuse(request: HttpRequest, error: HalfTranslatedError) -> HttpResponse:
    messages.error(request, sentence(error.page, error.gaps, refused=True))
    address = reverse("wagtailadmin_pages:edit", args=[error.page.pk])
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        # As Wagtail's dialogs of workflows want it.
        return JsonResponse({"step": "success", "redirect": address})
    return redirect(address)
