"""Asking somebody who may publish to make a change, and what they are asked for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template import Context
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns import changes
from campaigns.changes import Refused
from campaigns.models import ChangeRequest
from campaigns.pages.queries import named
from campaigns.permissions import change_policy
from campaigns.publishing.publishers import whom_to_ask
from campaigns.views.asked_for import sentence

if TYPE_CHECKING:
    from django.forms import BaseModelForm

PETITIONS_NAMED = 5
SHOWN = 20


def asks(request: HttpRequest) -> bool:
    return request.method == "POST" and changes.ASK in request.POST


def refuse_change(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Says whom to ask, or asks them: the answer to a form that its sender may not save."""
    if not request.accepts("text/html"):
        error = {"error_code": "may_not_publish", "error_message": whom_to_ask()}
        return JsonResponse({"success": False, **error}, status=400)
    if asks(request):
        return ask_moderator(request, refused)
    context = {
        "page_title": _("Ask a moderator"),
        "reason": whom_to_ask(),
        "posted": [
            (name, value) for name, values in refused.kept(request).items() for value in values
        ],
    }
    return render(request, "campaigns/admin/refused.html", context, status=403)


def ask_moderator(request: HttpRequest, refused: Refused) -> HttpResponse:
    changes.ask_for(request, refused)
    messages.success(request, _("Asked. Nothing has changed yet; you see here what becomes of it."))
    return redirect("changes")


def prepared(request: AuthenticatedHttpRequest) -> QueryDict | None:
    """What a form is filled with when it is opened from what was asked for; told who asks."""
    if request.method != "GET" or changes.QUERY not in request.GET:
        return None
    change = changes.opened_change(request)
    if change is None:
        messages.error(request, _("This change was decided meanwhile, or is not for you to make."))
        return None
    asked = _("%(name)s asks for this change. Nothing is saved before you save it.")
    messages.info(request, " ".join([asked % {"name": user_name(change.asked_by)}, change.note]))
    if changes.is_outdated(change):
        messages.warning(request, staleness(change))
    return changes.form_data(change)


def tell_differences(request: HttpRequest, form: "BaseModelForm[Any]") -> None:
    """What a prepared form would change, since one does not see what is marked to be deleted."""
    labels = [str(form.fields[name].label or name) for name in form.changed_data]
    parts = [part for formset in getattr(form, "formsets", {}).values() for part in formset.forms]
    deleted = [part for part in parts if part.data.get(part.add_prefix("DELETE"))]
    kept = [part for part in parts if part.has_changed() and part not in deleted]
    if labels:
        messages.info(request, _("It changes: %(what)s.") % {"what": ", ".join(labels)})
    if kept:
        named = "; ".join(str(part.instance) for part in kept)
        messages.info(request, _("It adds or changes: %(what)s.") % {"what": named})
    if deleted:
        named = "; ".join(str(part.instance) for part in deleted)
        messages.warning(request, _("It deletes: %(what)s.") % {"what": named})


def staleness(change: ChangeRequest) -> str:
    if changes.is_gone(change):
        return _("What this would change is not there anymore.")
    if changes.is_outdated(change):
        return _("It was changed by somebody after this was prepared. Look twice before you save.")
    return ""


def user_name(user: User | None) -> str:
    if user is None:
        return _("Somebody whose account is deleted")
    return str(user.get_full_name() or user.get_username())


@dataclass(frozen=True)
class Row:
    """A change as it is shown."""

    change: ChangeRequest
    what: str
    petitions: list[str]
    more: int

    @property
    def asked_by(self) -> str:
        return user_name(self.change.asked_by)

    @property
    def decided_by(self) -> str:
        return user_name(self.change.decided_by)


def request_row(change: ChangeRequest) -> Row:
    petitions: Any = change.petitions
    names = list(named(petitions.with_names()[:PETITIONS_NAMED]).values())
    return Row(change, sentence(change), names, petitions.count() - len(names))


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is declined"),
        max_length=500,
        help_text=gettext_lazy("Whoever asked reads it."),
    )


def change_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    if not change_policy.user_has_permission(request.user, "add"):
        raise PermissionDenied
    asked = changes.asked_by(request.user)
    # Whatever waits can be taken back here.
    waiting = asked.filter(state=ChangeRequest.State.WAITING).count()
    context = {
        "page_title": _("Changes asked for"),
        "waiting": [request_row(change) for change in changes.waiting_for(request.user)],
        "asked": [request_row(change) for change in asked[: max(SHOWN, waiting)]],
    }
    return render(request, "campaigns/admin/changes.html", context)


@require_http_methods(["GET", "POST"])
def change_detail(request: AuthenticatedHttpRequest, change_id: UUID) -> HttpResponse:
    """Opens the form of a change that waits, or declines it."""
    if not change_policy.user_has_permission(request.user, "add"):
        raise PermissionDenied
    change = get_object_or_404(ChangeRequest, pk=change_id)
    may_decide = change in changes.waiting_for(request.user)
    if not may_decide and change.state == ChangeRequest.State.WAITING:
        raise PermissionDenied
    if not may_decide:
        messages.warning(request, _("Somebody has decided this change already."))
        return redirect("changes")
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _declined(request, change, form.cleaned_data["reason"])
    context = {
        "page_title": sentence(change),
        "row": request_row(change),
        "stale": staleness(change),
        "is_gone": changes.is_gone(change),
        "query": changes.QUERY,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "campaigns/admin/change.html", context, status=status)


@require_POST
def withdraw_change(request: AuthenticatedHttpRequest, change_id: UUID) -> HttpResponse:
    """Takes back what its asker has asked for."""
    change = changes.asked_by(request.user).filter(pk=change_id).first()
    if change is None:
        raise PermissionDenied
    if changes.withdraw(change, request.user):
        messages.success(request, _("Taken back: nobody is asked anymore."))
    else:
        messages.warning(request, _("Somebody has decided this change already."))
    return redirect("changes")


def _declined(
    request: AuthenticatedHttpRequest, change: ChangeRequest, reason: str
) -> HttpResponse:
    if changes.decline(change, request.user, reason):
        messages.success(request, _("Declined. Whoever asked reads why."))
    else:
        messages.warning(request, _("Somebody has decided this change already."))
    return redirect("changes")


class ChangesPanel(Component):
    """On the admin's home: what waits for its reader, and what became of what they asked for."""

    template_name = "campaigns/admin/changes_panel.html"
    order = 30

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        return {
            "waiting": len(changes.waiting_for(self.user)),
            "asked": [
                request_row(change) for change in changes.asked_by(self.user)[:PETITIONS_NAMED]
            ],
        }


class ChangesMenuItem(MenuItem):
    """With the number of those that wait for the reader."""

    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return (
            change_policy.user_has_permission(request.user, "change")
            or changes.asked_by(request.user).exists()
        )

    def render_component(self, request: AuthenticatedHttpRequest) -> Component:
        component: Component = super().render_component(request)
        if waiting := len(changes.waiting_for(request.user)):
            component.label = _("%(label)s (%(number)s)") % {
                "label": self.label,
                "number": number_format(waiting),
            }
        return component


def add_changes_panel(request: AuthenticatedHttpRequest, panels: list[Any]) -> None:
    if change_policy.user_has_permission(request.user, "add"):
        panels.append(ChangesPanel(request.user))
