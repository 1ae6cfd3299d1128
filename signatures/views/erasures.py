"""What will be erased soon, on the admin's home, and how it is stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.ui.components import Component
from wagtail.log_actions import log

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Petition
from campaigns.permissions import petition_policy
from campaigns.records.petitions import PetitionQuerySet
from signatures.keeping import erasing, log_words
from signatures.keeping.retention import Planned, plans
from signatures.keeping.weighing import day_of, names_of
from signatures.permissions import signature_policy


@dataclass(frozen=True)
class Row:
    petition: Any
    name: str
    number: int
    day: date
    why: str
    happened_on: date | None
    recorded_on: date
    stopped_until: date | None
    is_stoppable: bool


def announced(petitions: PetitionQuerySet, now: datetime) -> list[Row]:
    """The erasures announced for petitions, the first to come first."""
    found = [each for planned in plans(now).values() for each in planned if each.announced_at]
    keys = petitions.filter(pk__in=[each.act.petition for each in found])
    names = names_of(list(keys.values_list("pk", flat=True)))
    rows = [_row(each, names, now) for each in found if each.act.petition in names]
    return sorted((row for row in rows if row.number), key=lambda row: (row.day, row.name))


def _row(planned: Planned, names: dict[Any, str], now: datetime) -> Row:
    act, stopped = planned.act, planned.stopped_until
    when = act.when
    return Row(
        petition=act.petition,
        name=names[act.petition],
        number=act.signers().count(),
        day=day_of(max(planned.erases_at(now), now)),
        why=str(act.why.label),
        happened_on=day_of(when) if isinstance(when, datetime) else when,
        recorded_on=day_of(planned.recorded_at),
        stopped_until=day_of(stopped) if stopped and stopped > now else None,
        is_stoppable=erasing.is_stoppable(planned),
    )


class Announced(Component):
    template_name = "signatures/admin/announced.html"
    order = 40

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, object]) -> dict[str, Any]:
        return {"rows": announced(petition_policy.own(self.user), timezone.now())}


class StopForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("What is wrong, and who will correct it. This goes in the log."),
    )


@PermissionPolicyChecker(signature_policy).require("decide_erasure")
@require_http_methods(["GET", "POST"])
def stop_erasure(request: AuthenticatedHttpRequest, petition_id: UUID) -> HttpResponse:
    petition = get_object_or_404(petition_policy.own(request.user), pk=petition_id)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _stop(request, petition, form.cleaned_data["reason"])
        return redirect("wagtailadmin_home")
    rows = announced(Petition.objects.filter(pk=petition.pk), timezone.now())
    context = {
        "page_title": _("Stop an erasure"),
        "page_subtitle": names_of([petition.pk])[petition.pk],
        "rows": rows,
        "can_stop": any(row.is_stoppable for row in rows),
        "days": erasing.STOP.days,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "signatures/admin/stop_erasure.html", context, status=status)


def _stop(request: HttpRequest, petition: Petition, reason: str) -> None:
    until = erasing.hold_back(petition.pk, timezone.now())
    if until is None:
        messages.error(request, _("Nothing of this petition can be stopped anymore."))
        return
    day = day_of(until)
    data = {"reason": reason, "until": day.isoformat()}
    log(instance=petition, action=log_words.STOP, user=request.user, data=data)
    told = _("Stopped until %(day)s. Correct the petition or the event by then.")
    messages.success(request, told % {"day": date_format(day)})


def add_announced_erasures(request: AuthenticatedHttpRequest, panels: list[Any]) -> None:
    if signature_policy.user_has_permission(request.user, "decide_erasure"):
        panels.append(Announced(request.user))
