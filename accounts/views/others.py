"""Taking away what somebody else enters with, where they have lost it."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry

from accounts.confirming import confirmed
from accounts.factors.lost import take_away
from accounts.factors.marks import has_factor
from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest


def may_take_away(by: User, user: User) -> bool:
    """Whoever edits users may, but from a superuser only another one."""
    may_edit = policy_registry.get_by_type(User).user_has_permission(by, "change")
    return may_edit and by != user and (by.is_superuser or not user.is_superuser)


@confirmed
@require_http_methods(["GET", "POST"])
def take_away_factors(request: AuthenticatedHttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    if not may_take_away(request.user, user):
        raise PermissionDenied
    if request.method == "POST":
        if take_away(user, request.user):
            messages.success(request, _("It was taken away, and an email says so."))
        return redirect("wagtailusers_users:index")
    context = {
        "page_title": _("Take away passkeys and codes"),
        "person": user,
        "has_factor": has_factor(user),
        "back": reverse("wagtailusers_users:index"),
    }
    return render(request, "accounts/take_away.html", context)


def take_away_button(user: User, request_user: User) -> Iterator[Button]:
    if may_take_away(request_user, user):
        address = reverse("take_away_factors", args=[user.pk])
        yield Button(_("Take away passkeys and codes"), address, priority=30, icon_name="key")
