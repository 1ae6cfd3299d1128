"""What changes who holds an account asks for one's own password, whoever is logged in here.

An unattended browser or a stolen session then gives nobody an account to keep. The question
stands before Wagtail's views, so that a view that Wagtail adds is asked about too.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from accounts.forms import too_many_passwords, wait_of

FIELD = "current_password"
# Where Wagtail's own form has asked for it already.
OLD_PASSWORD = "password-old_password"
NAMESPACES = {"wagtailusers_users", "wagtailusers_groups"}
MARK = "asks_who_it_is"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
NOT_SENT_AGAIN = (FIELD, "csrfmiddlewaretoken")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class ConfirmPasswordMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[object, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        if request.method in SAFE:
            return None
        try:
            return question(request, view, kwargs)
        except (OperationalError, InterfaceError):
            response = render(request, "503.html", status=503)
            response["Retry-After"] = "30"
            return response


def confirmed(view: View) -> View:
    """Marks a view whose posts are asked about, too."""
    setattr(view, MARK, True)
    return view


def question(
    request: HttpRequest, view: Callable[..., HttpResponseBase], kwargs: dict[str, Any]
) -> HttpResponse | None:
    """The page that asks, unless the answer came with the post or nobody is logged in."""
    is_asked = getattr(view, MARK, False) or changes_accounts(request, kwargs)
    if not is_asked or not request.user.is_authenticated:
        return None
    password = request.POST.get(FIELD) or request.POST.get(OLD_PASSWORD)
    if password and is_own_password(request, password):
        return None
    return ask_for_password(request, was_wrong=bool(password))


def changes_accounts(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """Whether a post may change somebody's name, mailbox, password, groups, or a group's rights."""
    match = request.resolver_match
    if match is None:
        return False
    if match.namespace in NAMESPACES:
        return True
    if match.url_name == "wagtail_bulk_action":
        labels = {model._meta.label_lower for model in (get_user_model(), Group)}
        return f"{kwargs['app_label']}.{kwargs['model_name']}".lower() in labels
    return match.url_name == "wagtailadmin_account" and changes_own_account(request)


def changes_own_account(request: HttpRequest) -> bool:
    email = request.POST.get("name_email-email")
    is_new = email is not None and email != getattr(request.user, "email", "")
    return is_new or any(
        request.POST.get(f"password-new_password{number}") for number in ("1", "2")
    )


def is_own_password(request: HttpRequest, password: str) -> bool:
    """By the log-in's own way, so that its limits hold here too."""
    user = authenticate(request, username=request.user.get_username(), password=password)
    return user is not None and user.pk == request.user.pk


def ask_for_password(request: HttpRequest, was_wrong: bool) -> HttpResponse:
    """A page with one question, which sends all that was posted once more."""
    wait = wait_of(request)
    error = ""
    if wait:
        error = too_many_passwords(wait)
    elif was_wrong:
        error = _("This is not your password. Please try again.")
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_SENT_AGAIN
    ]
    context = {"field": FIELD, "error": error, "posted": posted, "files": bool(request.FILES)}
    response = TemplateResponse(
        request, "accounts/confirm_password.html", context, status=429 if wait else 403
    )
    add_never_cache_headers(response)
    return response
