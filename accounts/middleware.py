"""Where a factor is needed, a password alone opens nothing: who gave no more is nobody yet."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.confirming import question
from accounts.factors.marks import let_in
from accounts.models import User
from accounts.requests import asked_by_script, session_user

ADMIN = "/admin/"
# Pages on which somebody gets in, or leaves. Their views ask the session for whom it is.
DOORS = {
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
    "staff_invitation",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
    "enter_code",
    "ask_for_passkey",
    "enter_by_passkey",
    "confirm_again",
    "set_up",
    "add_app",
    "add_passkey",
    "make_passkey",
}


class SecondFactorMiddleware:
    """Makes `request.user` whoever was let in, so that no address needs to know of factors.

    Whoever has given their password alone is anonymous: to the admin, its API and previews, to
    private pages and documents, and to whatever is added. `session_user` tells who that is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.session_user = request.user  # type: ignore[attr-defined]
        # Looked up when it is asked for: a public page touches no session.
        request.user = SimpleLazyObject(lambda: let_in(request))  # type: ignore[assignment]

        async def auser() -> User | AnonymousUser:
            return await sync_to_async(let_in)(request)

        request.auser = auser
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[object, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        try:
            return ask_for_factor(request) or question(request, view, kwargs)
        except (OperationalError, InterfaceError):
            response = render(request, "503.html", status=503)
            response["Retry-After"] = "30"
            return response


def ask_for_factor(request: HttpRequest) -> HttpResponse | None:
    """Leads on from a password to what is still needed; scripts are told so in one sentence."""
    match = request.resolver_match
    is_door = match is not None and match.url_name in DOORS
    if is_door or not request.path.startswith(ADMIN):
        return None
    if request.user.is_authenticated or not session_user(request).is_authenticated:
        return None
    if asked_by_script(request):
        sentence = _("Please finish logging in: a password alone does not open this.")
        return JsonResponse({"message": sentence}, status=403)
    onwards = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
    return redirect(f"{reverse('enter_code')}?{urlencode({'next': onwards})}")
