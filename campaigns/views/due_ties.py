"""Ties whose status nobody has looked at for their campaign's term: found, and said to be so."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.log_actions import log

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.changes import Refused, settle
from campaigns.models import Tie, TieEvent
from campaigns.permissions import petition_policy, tie_policy
from campaigns.publishing.publishers import not_theirs, petitions_showing
from campaigns.records.freshness import older_than
from campaigns.records.ties import TieQuerySet
from campaigns.records.turns import terms
from campaigns.views.asking import ask_again, has_seen
from campaigns.views.changes import prepared, refuse_change

LOG_CHECK = "campaigns.check_tie"
SHOWN = 10


def due_ties(user: User) -> TieQuerySet:
    """Those for a user to check, by the terms of their own campaigns; the longest unseen first."""
    petitions, now = petition_policy.own(user), timezone.now()
    is_due = Q(pk=None)
    for days in terms(petitions):
        told_by = petitions.filter(parent__check_days=days).values("tie")
        is_due |= Q(pk__in=older_than(Tie.objects.filter(pk__in=told_by), days, now).values("pk"))
    ties: TieQuerySet = tie_policy.instances_user_has_permission_for(user, "change")
    return ties.filter(is_due).order_by(F("checked_at").asc(nulls_first=True), "pk")


@require_http_methods(["GET", "POST"])
def still_so(request: AuthenticatedHttpRequest, tie_id: int) -> HttpResponse:
    """One press says that a status is still as its reader saw it. Who may not publish asks."""
    if not tie_policy.user_has_permission(request.user, "change"):
        raise PermissionDenied
    ties = tie_policy.instances_user_has_permission_for(request.user, "change")
    tie = get_object_or_404(ties.with_names(), pk=tie_id)
    if request.method == "GET":
        prepared(request)
    if request.method == "GET" or not has_seen(request, tie.status):
        return ask_whether_still_so(request, tie)
    touched = petitions_showing(tie)
    refused = Refused(touched, [tie], tie_policy.named("change"), ["seen"])
    if not_theirs(request.user, touched).exists():
        return refuse_change(request, refused)
    Tie.objects.filter(pk=tie.pk).note_checked(request.user)
    log(instance=tie, action=LOG_CHECK, user=request.user, data={"status": tie.status})
    settle(request)
    messages.success(request, _("Noted: %(tie)s, still %(status)s.") % told(tie))
    return redirect("wagtailadmin_home")


def told(tie: Tie) -> dict[str, str]:
    return {"tie": str(tie), "status": str(tie.status.label)}


def ask_whether_still_so(request: AuthenticatedHttpRequest, tie: Tie) -> HttpResponse:
    return ask_again(
        request,
        tie.status,
        page_title=_("Any change?"),
        page_subtitle=str(tie),
        lines=[_("%(tie)s: %(status)s.") % told(tie), checked_told(tie)],
        button=_("No change"),
        is_harmless=True,
        back=reverse("wagtailadmin_home"),
    )


def checked_told(tie: Tie) -> str:
    """When it was last checked, and by whom."""
    if tie.checked_at is None:
        return _("Nobody has checked it yet.")
    day = date_format(timezone.localtime(tie.checked_at), "DATE_FORMAT")
    if tie.checked_by is None:
        return _("Last checked on %(day)s.") % {"day": day}
    name = tie.checked_by.get_full_name() or tie.checked_by.get_username()
    return _("Last checked on %(day)s by %(name)s.") % {"day": day, "name": name}


class DueTies(Component):
    """On the admin's home: whose status is to be looked at again."""

    template_name = "campaigns/admin/due_ties.html"
    order = 40

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        due = due_ties(self.user)
        shown = due.with_names().select_related("checked_by")[:SHOWN]
        return {
            "csrf_token": parent_context.get("csrf_token"),
            "number": due.count(),
            "rows": [(tie, checked_told(tie), kind_of(tie)) for tie in shown],
        }


def kind_of(tie: Tie) -> str:
    """Of the event with which a source says that it is still so."""
    kinds = TieEvent.Kind
    return kinds.SUSPENDED if tie.status == Tie.Status.SUSPENDED else kinds.REPORTED


def add_due_ties(request: AuthenticatedHttpRequest, panels: list[Any]) -> None:
    if tie_policy.user_has_permission(request.user, "change"):
        panels.append(DueTies(request.user))
