"""Petitions whose round comes to its end, on the admin's home, and how another is begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.ui.components import Component

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Petition
from campaigns.permissions import petition_policy
from campaigns.records.petitions import PetitionQuerySet
from signatures import tallies
from signatures.keeping.asking_anew import to_ask
from signatures.keeping.rounds import begin_round
from signatures.keeping.weighing import day_of, names_of
from signatures.models import Signature
from signatures.permissions import signature_policy
from translations.dates.months import months_after


@dataclass(frozen=True)
class Ending:
    """A petition whose round ends by itself on a day, unless another is begun before."""

    petition: UUID
    name: str
    day: date
    # As the petition's own page counts.
    number: int


def endings(petitions: PetitionQuerySet, now: datetime) -> list[Ending]:
    """The first to end first."""
    found = {each.pk: each for each in petitions.ending(now)}
    names, totals = names_of(list(found)), tallies.totals(found)
    rows = [
        Ending(key, names[key], ends_on(petition, now), totals[key].shown)
        for key, petition in found.items()
    ]
    return sorted(rows, key=lambda row: (row.day, row.name))


def ends_on(petition: Petition, now: datetime) -> date:
    return day_of(months_after(petition.opened_at or now, Petition.MONTHS_OPEN))


class RoundsEnding(Component):
    template_name = "signatures/admin/rounds_ending.html"
    order = 45

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, object]) -> dict[str, Any]:
        return {"rows": endings(petition_policy.own(self.user), timezone.now())}


class BeginForm(forms.Form):
    is_sure = forms.BooleanField(
        label=gettext_lazy("Close this round at the number that it has then"),
        help_text=gettext_lazy("This cannot be undone."),
    )


@PermissionPolicyChecker(signature_policy).require("decide_erasure")
@require_http_methods(["GET", "POST"])
def another_round(request: AuthenticatedHttpRequest, petition_id: UUID) -> HttpResponse:
    petition = get_object_or_404(petition_policy.own(request.user), pk=petition_id)
    now = timezone.now()
    form = BeginForm(request.POST or None)
    can_begin = petition.can_begin_round(now)
    if request.method == "POST" and can_begin and form.is_valid():
        begin_round.enqueue(petition=str(petition.pk), user=request.user.pk)
        told = _("The other round begins within a minute or so, when all is closed.")
        messages.success(request, told)
        return redirect("wagtailadmin_home")
    rows = Signature.objects.filter(petition=petition, round=None)
    context = {
        "page_title": _("Begin another round"),
        "page_subtitle": names_of([petition.pk])[petition.pk],
        "can_begin": can_begin,
        "number": tallies.totals([petition.pk])[petition.pk].shown,
        "asked": to_ask(rows).count(),
        "in_review": rows.confirmed().in_review().count(),
        "day": ends_on(petition, now),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "signatures/admin/another_round.html", context, status=status)


def add_rounds_ending(request: AuthenticatedHttpRequest, panels: list[Any]) -> None:
    if signature_policy.user_has_permission(request.user, "decide_erasure"):
        panels.append(RoundsEnding(request.user))
