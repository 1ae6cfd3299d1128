"""What the admin answers where a page refuses to go live."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.auth import get_localized_response
from wagtail.models import Page

from campaigns.publishing.approving import NotSeenError
from translations.refusals import shown


class RefusedPageMiddleware:
    """Says what is missing, also where Wagtail publishes without asking, as workflows do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        page_id = match.kwargs.get("page_id") if match else None
        if page_id is None or not request.user.is_authenticated:
            return None
        if isinstance(error, NotSeenError):
            return lead(request, reverse("impact", args=[page_id]))
        if isinstance(error, ValidationError):
            response: HttpResponse = get_localized_response(
                redirect_refused, request, page_id, error
            )
            return response
        return None


def redirect_refused(request: HttpRequest, page_id: int, error: ValidationError) -> HttpResponse:
    messages.error(request, shown(Page.objects.get(pk=page_id).specific, error))
    return lead(request, reverse("wagtailadmin_pages:edit", args=[page_id]))


def lead(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        # As Wagtail's dialogs of workflows want it.
        return JsonResponse({"step": "success", "redirect": address})
    return redirect(address)
