"""Setting up what somebody enters with beside the password: a passkey, or an app's codes."""

import functools

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from accounts.browsers.names import browser_name
from accounts.confirming import CODE, PASSKEY, ask_who_it_is
from accounts.factors import passkeys
from accounts.factors.changing import pending_secret, picture_of, settle_added, store_app
from accounts.factors.marks import Kind, has_factor, is_required, let_in
from accounts.models import User
from accounts.views.entering import next_step
from accounts.views.second_step import HoldersView, for_holder, onwards_of


def for_setting_up(view: HoldersView) -> HoldersView:
    """Whoever has a factor shows it first; everybody shows that it is they, within minutes."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, user: User) -> HttpResponse:
        if not let_in(request).is_authenticated and has_factor(user):
            return next_step(user, onwards_of(request))
        return ask_who_it_is(request) or view(request, user)

    return wrapped


@require_http_methods(["GET", "POST"])
@for_holder
@for_setting_up
def set_up(request: HttpRequest, user: User) -> HttpResponse:
    """Also where a question that came between leads back to, hence its posts."""
    context = {
        "next": onwards_of(request),
        "is_required": is_required(user),
        "has_factor": has_factor(user),
        "name": browser_name(request),
        "longest": passkeys.LONGEST_PASSKEY_NAME,
    }
    return render(request, "accounts/set_up.html", context)


@require_POST
@for_holder
@for_setting_up
def make_passkey(request: HttpRequest, user: User) -> HttpResponse:
    return JsonResponse(passkeys.ask_to_make(user))


@require_POST
@for_holder
@for_setting_up
def add_passkey(request: HttpRequest, user: User) -> HttpResponse:
    name = request.POST.get("name", "").strip() or browser_name(request) or _("Passkey")
    if not passkeys.store_passkey(user, name, request.POST.get(PASSKEY, "")):
        messages.error(request, _("The passkey was not added. Please try again."))
        return set_up(request)
    return added(request, user, Kind.WEBAUTHN, _("The passkey was added."))


@require_http_methods(["GET", "POST"])
@for_holder
@for_setting_up
def add_app(request: HttpRequest, user: User) -> HttpResponse:
    error, status = "", 200
    if request.method == "POST" and CODE in request.POST:
        if store_app(request, user, request.POST[CODE]):
            return added(request, user, Kind.TOTP, _("The app was added."))
        error, status = _("This is not the code that the app shows now. Please try again."), 422
    secret = pending_secret(request, anew=request.method == "GET")
    context = {
        "error": error,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "picture": picture_of(secret, user),
        "next": onwards_of(request),
    }
    return render(request, "accounts/add_app.html", context, status=status)


def added(request: HttpRequest, user: User, kind: str, told: str) -> HttpResponse:
    codes = settle_added(request, user, kind)
    if codes:
        return show_codes(request, codes, told)
    messages.success(request, told)
    return redirect(onwards_of(request))


def show_codes(request: HttpRequest, codes: list[str], told: str = "") -> HttpResponse:
    """Once: only whoever has just set something up, or asked for them anew, sees them."""
    context = {
        "codes": codes,
        "as_file": "\r\n".join([*codes, ""]),
        "told": told,
        "next": onwards_of(request),
    }
    return render(request, "accounts/recovery_codes.html", context)
