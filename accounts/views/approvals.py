"""What one person asks for and another grants, in the admin."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import Context
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from accounts.confirming import ask_who_it_is
from accounts.requests import AuthenticatedHttpRequest
from accounts.second_person import tell_asker
from security import two_persons
from security.audit import refuse_addresses
from security.models import GRANT_WITHIN, Approval
from security.two_persons import RefusedError


@dataclass(frozen=True)
class Row:
    approval: Approval
    what: str
    # Whom it is about, and what of them.
    details: str = ""

    @property
    def until(self) -> datetime:
        return self.approval.asked_at + GRANT_WITHIN


def row(approval: Approval) -> Row:
    act = two_persons.acts[approval.act]
    try:
        return Row(approval, act.told(approval.subject), act.details(approval.subject))
    except LookupError:
        return Row(approval, _("Something that is not there anymore"))


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=300,
        validators=[refuse_addresses],
        help_text=gettext_lazy("Whoever asked reads it, and the log keeps it."),
        error_messages={"required": gettext_lazy("Say why not.")},
    )


def refuse_strangers(request: AuthenticatedHttpRequest) -> None:
    if not two_persons.may_take_part(request.user):
        raise PermissionDenied


@require_safe
def approval_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    refuse_strangers(request)
    context = {
        "page_title": _("Approvals"),
        "waiting": [row(each) for each in two_persons.waiting_for(request.user)],
        "asked": [row(each) for each in two_persons.asked_by(request.user)],
    }
    return render(request, "accounts/approvals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def approval_detail(request: AuthenticatedHttpRequest, approval_id: UUID) -> HttpResponse:
    refuse_strangers(request)
    waiting = {each.pk: each for each in two_persons.waiting_for(request.user)}
    approval = waiting.get(approval_id)
    if approval is None:
        messages.warning(request, _("This was decided meanwhile, or is not for you to decide."))
        return redirect("approvals")
    is_refusal = request.POST.get("action") == "refuse"
    form = AnswerForm(request.POST if is_refusal else None)
    if request.method == "POST" and (not is_refusal or form.is_valid()):
        return ask_who_it_is(request) or decided(request, approval, form if is_refusal else None)
    context = {"page_title": row(approval).what, "row": row(approval), "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/approval.html", context, status=status)


def decided(
    request: AuthenticatedHttpRequest, approval: Approval, form: AnswerForm | None
) -> HttpResponse:
    try:
        if form:
            two_persons.refuse(approval, request.user, form.cleaned_data["answer"])
            messages.success(request, _("Refused. Whoever asked reads why."))
        else:
            two_persons.grant(approval, request.user)
            messages.success(request, _("Granted: it is being done."))
        tell_asker(approval)
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("approvals")


@require_POST
def take_back(request: AuthenticatedHttpRequest, approval_id: UUID) -> HttpResponse:
    refuse_strangers(request)
    approval = get_object_or_404(Approval, pk=approval_id, asked_by=request.user)
    try:
        two_persons.withdraw(approval, request.user)
        messages.success(request, _("Taken back: nobody is asked anymore."))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("approvals")


class ApprovalsPanel(Component):
    """On the admin's home: what waits for its reader."""

    template_name = "accounts/approvals_panel.html"
    order = 20

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        return {"rows": self.rows}


def add_panel(request: AuthenticatedHttpRequest, panels: list[Any]) -> None:
    if waiting := two_persons.waiting_for(request.user):
        panels.append(ApprovalsPanel([row(each) for each in waiting]))


class ApprovalsMenuItem(MenuItem):
    """With the number of those that wait for the reader."""

    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return two_persons.may_take_part(request.user)

    def render_component(self, request: AuthenticatedHttpRequest) -> Component:
        component: Component = super().render_component(request)
        if waiting := len(two_persons.waiting_for(request.user)):
            numbers = {"label": self.label, "number": number_format(waiting)}
            component.label = _("%(label)s (%(number)s)") % numbers
        return component
