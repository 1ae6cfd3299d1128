"""One's own log-in, in the account: what one enters with, and where one is logged in."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from accounts.confirming import confirmed
from accounts.factors.changing import make_recovery_codes, recovery_codes_left, remove
from accounts.factors.marks import Kind, factors_of, is_required
from accounts.models import Session
from accounts.requests import AuthenticatedHttpRequest
from accounts.sessions.opened import end_others, open_sessions
from accounts.views.setting_up import show_codes
from security.limits import keyed_hash


def name_in_page(session: Session) -> str:
    """Whoever knows a session's key has the session, so no page holds one."""
    return keyed_hash(f"session/{session.session_key}")


@require_safe
def own_log_in(request: AuthenticatedHttpRequest) -> HttpResponse:
    user = request.user
    sessions: list[Any] = open_sessions(user)
    for session in sessions:
        session.name = name_in_page(session)
        session.is_this = session.session_key == request.session.session_key
    context = {
        "page_title": _("Your login"),
        "factors": factors_of(user).order_by("created_at"),
        "webauthn": Kind.WEBAUTHN,
        "codes_left": recovery_codes_left(user),
        "is_required": is_required(user),
        "sessions": sessions,
        "here": reverse("own_log_in"),
    }
    return render(request, "accounts/own_log_in.html", context)


@confirmed
@require_POST
def remove_factor(request: AuthenticatedHttpRequest, factor_id: int) -> HttpResponse:
    factor: Authenticator = get_object_or_404(factors_of(request.user), pk=factor_id)
    remove(request, request.user, factor)
    messages.success(request, _("It was removed, and your other sessions were ended."))
    return redirect("own_log_in")


@confirmed
@require_POST
def new_recovery_codes(request: AuthenticatedHttpRequest) -> HttpResponse:
    if not factors_of(request.user).exists():
        return redirect("own_log_in")
    end_others(request, request.user)
    return show_codes(request, make_recovery_codes(request.user))


@require_POST
def end_session(request: AuthenticatedHttpRequest) -> HttpResponse:
    """One, or all others."""
    asked = request.POST.get("session", "")
    if asked == "others":
        ended = end_others(request, request.user)
    else:
        found = [each for each in open_sessions(request.user) if name_in_page(each) == asked]
        ended = len(found)
        for session in found:
            session.delete()
    told = ngettext("%(count)s session was ended.", "%(count)s sessions were ended.", ended)
    messages.success(request, told % {"count": ended})
    return redirect("own_log_in")
