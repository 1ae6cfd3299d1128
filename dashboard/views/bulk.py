"""One change to many petitions: first what it would do, then, confirmed, it is done."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.requests import AuthenticatedHttpRequest
from campaigns.changes import Refused, keep_askable, settle
from campaigns.models import Petition
from campaigns.pages.queries import named
from campaigns.permissions import petition_policy
from campaigns.publishing.bulk import Action, Planned, apply_planned, back_to, plan_change
from campaigns.views.changes import ask_moderator, asks, prepared
from dashboard import numbers
from dashboard.forms import ChangeForm
from dashboard.views.petitions import PetitionFilterSet


@require_http_methods(["GET", "POST"])
def bulk(request: AuthenticatedHttpRequest) -> HttpResponse:
    """By GET, shows what somebody asks for as the plan that it would be."""
    if not petition_policy.user_has_permission(request.user, "change"):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else prepared(request)
    if data is None:
        return redirect("petition_list")
    petitions, action = chosen(request, data), data.get("action", "")
    if not petitions or action not in Action.values:
        messages.error(request, _("Tick at least one petition, then choose what to change."))
        return redirect("petition_list")
    form = form_of(request, data, Action(action))
    planned = plan_change(petitions, form.change(), request.user) if form.is_valid() else []
    stuck = [each for each in planned if each.reason]
    can_ask = bool(stuck) and all(each.is_askable for each in stuck)
    if can_ask and asks(request):
        return ask_moderator(request, _refused(petitions, form))
    if planned and not stuck and data.get("stage") == "apply":
        keep_askable(request, _refused(petitions, form))
        return apply_to_all(request, planned)
    context = {
        "page_title": form.action.label,
        "action": action,
        "form": form,
        "petitions": petitions,
        "planned": planned,
        "stuck": stuck,
        "can_apply": bool(planned) and not stuck,
        "can_ask": can_ask,
        "query": data.get("query", ""),
        "is_all": "all" in data or "was_all" in data,
        "back": back_to(data),
    }
    return render(request, "signatures/admin/bulk.html", context)


def form_of(request: HttpRequest, data: QueryDict, action: Action) -> ChangeForm:
    """Filled in; or, where petitions have just been ticked, empty unless it asks for nothing."""
    is_first = request.method == "POST" and "stage" not in data and not asks(request)
    form = ChangeForm(action, None if is_first else data)
    return form if form.fields else ChangeForm(action, data)


def apply_to_all(request: AuthenticatedHttpRequest, planned: list[Planned]) -> HttpResponse:
    changed = apply_planned(planned, request.user)
    settle(request)
    done = ngettext("%(count)s petition changed.", "%(count)s petitions changed.", changed)
    messages.success(request, done % {"count": changed})
    return redirect("petition_list")


def _refused(petitions: list[Petition], form: ChangeForm) -> Refused:
    rows = Petition.objects.filter(pk__in=[petition.pk for petition in petitions])
    # Those that were looked at, not a filter that may find others when it is opened.
    settled = {"petition": [str(petition.pk) for petition in petitions]}
    return Refused(rows, rows, petition_policy.named("change"), ("action", *form.fields), settled)


def chosen(request: AuthenticatedHttpRequest, data: QueryDict) -> list[Petition]:
    """The petitions ticked, or all that fit the list's filters; only the user's own."""
    own = numbers.with_numbers(petition_policy.own(request.user).with_names())
    if "all" in data:
        query = QueryDict(data.get("query", ""))
        filters = PetitionFilterSet(query, queryset=own, request=request)
        found = filters.qs if filters.is_valid() else own.none()
    else:
        field = forms.ModelMultipleChoiceField(own, required=False)
        try:
            found = field.clean(data.getlist("petition"))
        except forms.ValidationError:
            found = own.none()
    rows = list(found)
    names = named(rows)
    for petition in rows:
        row: Any = petition
        row.name = names[petition.pk]
    return rows
