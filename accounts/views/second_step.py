"""The second step at the door: a one-time code, a recovery code, or a passkey."""

import functools
from collections.abc import Callable

from django.contrib.auth import login as start_session
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from accounts.confirming import CODE, PASSKEY, ask_who_it_is
from accounts.factors.codes import check_code
from accounts.factors.marks import Kind, factors_of, let_in, mark_verified
from accounts.factors.passkeys import check_passkey, passkey_question
from accounts.forms import not_right, too_many_codes, wait_of
from accounts.in_their_words import in_words_of
from accounts.models import User
from accounts.requests import path_onwards, session_user
from accounts.sessions.lasting import begin
from accounts.sessions.new_browser import greet
from accounts.views.entering import next_step

# How long a question to a browser in which nobody is logged in is kept, in seconds.
QUESTION_SECONDS = 600

HoldersView = Callable[[HttpRequest, User], HttpResponse]


def onwards_of(request: HttpRequest) -> str:
    return path_onwards(request) or reverse("wagtailadmin_home")


def for_holder(view: HoldersView) -> Callable[[HttpRequest], HttpResponse]:
    """Hands on whom the session is for, let in or not; their language is spoken."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        user = session_user(request)
        if isinstance(user, AnonymousUser):
            return redirect("wagtailadmin_login")
        with in_words_of(user):
            return view(request, user)

    return wrapped


@require_http_methods(["GET", "POST"])
@for_holder
def enter_code(request: HttpRequest, user: User) -> HttpResponse:
    if let_in(request).is_authenticated:
        return redirect(onwards_of(request))
    kinds = set(factors_of(user).values_list("type", flat=True))
    if not kinds:
        return next_step(user, onwards_of(request))
    error, status = "", 200
    if request.method == "POST":
        if kind := shown(request, user):
            mark_verified(request, kind)
            return redirect(onwards_of(request))
        wait = wait_of(request)
        error, status = (too_many_codes(wait), 429) if wait else (not_right(), 403)
    context = {
        "error": error,
        "has_app": Kind.TOTP in kinds,
        "has_passkey": Kind.WEBAUTHN in kinds,
        "next": onwards_of(request),
    }
    return render(request, "accounts/enter_code.html", context, status=status)


def shown(request: HttpRequest, user: User) -> str:
    """The kind of factor that a post shows rightly; else nothing."""
    if passkey := request.POST.get(PASSKEY):
        return str(Kind.WEBAUTHN) if check_passkey(request, user, passkey) else ""
    return check_code(request, user, request.POST.get(CODE, ""))


@require_POST
def ask_for_passkey(request: HttpRequest) -> HttpResponse:
    """What a browser is to ask for: a passkey of whom the session is for, or of anybody."""
    user = session_user(request)
    known = None if isinstance(user, AnonymousUser) else user
    if known is None:
        request.session.set_expiry(QUESTION_SECONDS)
    asked = passkey_question(request, known)
    if not asked:
        with in_words_of(user):
            sentence = _("This was asked for too often. Please wait a few minutes.")
        return JsonResponse({"message": sentence}, status=429)
    return JsonResponse(asked)


@require_POST
def enter_by_passkey(request: HttpRequest) -> HttpResponse:
    """By a passkey alone: it is two factors in one, a device and what unlocks it."""
    user = check_passkey(request, None, request.POST.get(PASSKEY, ""))
    if user is None:
        messages.error(request, _("This passkey does not open an account here. Please try again."))
        return redirect("wagtailadmin_login")
    start_session(request, user, backend="accounts.log_in.LimitedBackend")
    request.session.set_expiry(0)
    begin(request)
    mark_verified(request, Kind.WEBAUTHN)
    response = redirect(onwards_of(request))
    greet(request, response, user)
    return response


@require_http_methods(["GET", "POST"])
@for_holder
def confirm_again(request: HttpRequest, user: User) -> HttpResponse:
    """Asks who it is before something is read; then leads on to that."""
    asked = ask_who_it_is(request)
    return asked or redirect(onwards_of(request))
