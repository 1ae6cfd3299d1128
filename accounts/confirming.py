"""What harms most asks once more who it is, whoever is logged in here.

An unattended browser or a stolen session then gives nobody an account to keep, no table to take
away, and no campaign to publish. The question stands before Wagtail's views, so that a view that
Wagtail adds is asked about too. Once answered, it is not asked again for five minutes.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from accounts.factors.codes import check_code
from accounts.factors.marks import Kind, confirm, factors_of, is_confirmed
from accounts.factors.passkeys import check_passkey
from accounts.forms import not_right, too_many_codes, too_many_passwords, wait_of
from accounts.in_their_words import in_words_of
from accounts.models import User
from accounts.requests import asked_by_script, session_user

PASSWORD = "current_password"
CODE = "one_time_code"
PASSKEY = "passkey"
# Where Wagtail's own form has asked for it already.
OLD_PASSWORD = "password-old_password"
NAMESPACES = {"wagtailusers_users", "wagtailusers_groups"}
POSTS, READING, ITSELF = "asks_who_posts", "asks_who_reads", "asks_by_itself"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
NOT_SENT_AGAIN = (PASSWORD, CODE, PASSKEY, "csrfmiddlewaretoken")
# What Wagtail's lists can be had as.
TABLES = ("csv", "xlsx")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# Whether a post is to be asked about, by the named parts of its address.
Rule = Callable[[HttpRequest, dict[str, Any]], bool]
_rules: list[Rule] = []


def confirmed(view: View) -> View:
    """Marks a view whose posts are asked about, too."""
    setattr(view, POSTS, True)
    return view


def confirmed_reading(view: View) -> View:
    """Marks a view that hands out what nobody may take away unasked."""
    setattr(view, READING, True)
    return view


def asks_once_valid(view: View) -> View:
    """Marks a view that asks by itself, once what was posted is right: a slip costs no password."""
    setattr(view, ITSELF, True)
    return view


def ask_about(rule: Rule) -> None:
    """For a room that knows what a post to a view of Wagtail's does."""
    if rule not in _rules:
        _rules.append(rule)


def question(
    request: HttpRequest, view: Callable[..., HttpResponseBase], kwargs: dict[str, Any]
) -> HttpResponse | None:
    """The page that asks, unless nothing is to be asked, or nobody is there."""
    if not is_asked_about(request, view, kwargs) or not session_user(request).is_authenticated:
        return None
    return ask_who_it_is(request)


def is_asked_about(
    request: HttpRequest, view: Callable[..., HttpResponseBase], kwargs: dict[str, Any]
) -> bool:
    if request.method in SAFE:
        return getattr(view, READING, False) or takes_a_table(request)
    if getattr(view, ITSELF, False):
        return False
    return (
        getattr(view, POSTS, False)
        or changes_accounts(request, kwargs)
        or any(rule(request, kwargs) for rule in _rules)
    )


def takes_a_table(request: HttpRequest) -> bool:
    return request.path.startswith("/admin/") and request.GET.get("export") in TABLES


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


def ask_who_it_is(request: HttpRequest) -> HttpResponse | None:
    """None where that was shown within five minutes, or comes with this very post."""
    user = session_user(request)
    if isinstance(user, AnonymousUser):
        return None
    kinds = set(factors_of(user).values_list("type", flat=True))
    # Wagtail compares it without a limit, so it is looked at here first, whatever was shown.
    old = request.POST.get(OLD_PASSWORD)
    if old and not is_own_password(request, user, old):
        return asked(request, user, kinds, was_wrong=True)
    if is_confirmed(request):
        return None
    answer = bool(old and not kinds) or answered(request, user, kinds)
    if answer:
        confirm(request)
        return None
    return asked(request, user, kinds, was_wrong=answer is False)


def answered(request: HttpRequest, user: User, kinds: set[str]) -> bool | None:
    """Whether the answer is right; None where there is none. A factor goes before a password."""
    if not kinds:
        password = request.POST.get(PASSWORD)
        return is_own_password(request, user, password) if password else None
    if code := request.POST.get(CODE):
        return bool(check_code(request, user, code))
    if passkey := request.POST.get(PASSKEY):
        return check_passkey(request, user, passkey) is not None
    return None


def is_own_password(request: HttpRequest, user: User, password: str) -> bool:
    """By the log-in's own way, so that its limits hold here too."""
    found = authenticate(request, username=user.get_username(), password=password)
    return found is not None and found.pk == user.pk


def asked(request: HttpRequest, user: User, kinds: set[str], *, was_wrong: bool) -> HttpResponse:
    """The question, on a page that sends all that was posted once more with the answer."""
    with in_words_of(user):
        response = tell(request, kinds, was_wrong)
    add_never_cache_headers(response)
    return response


def tell(request: HttpRequest, kinds: set[str], was_wrong: bool) -> HttpResponse:
    status = 429 if wait_of(request) else 403
    if asked_by_script(request):
        sentence = _("Please open this page by itself, and show once more that it is you.")
        return JsonResponse({"message": sentence}, status=status)
    if request.method in SAFE:
        again = reverse("confirm_again")
        if request.path != again:
            return redirect(f"{again}?{urlencode({'next': request.get_full_path()})}")
        status = 200
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_SENT_AGAIN
    ]
    context = {
        "posted": posted,
        "files": bool(request.FILES),
        "error": error_of(request, kinds, was_wrong),
        "has_factor": bool(kinds),
        "has_app": Kind.TOTP in kinds,
        "has_passkey": Kind.WEBAUTHN in kinds,
        "address": request.get_full_path(),
    }
    page = render_to_string("accounts/confirm.html", context, request)
    return HttpResponse(page, status=status)


def error_of(request: HttpRequest, kinds: set[str], was_wrong: bool) -> str:
    if wait := wait_of(request):
        return too_many_codes(wait) if kinds else too_many_passwords(wait)
    if not was_wrong:
        return ""
    if kinds:
        return not_right()
    return _("This is not your password. Please try again.")
