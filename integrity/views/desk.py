"""The integrity desk: how signatures come in, which are alike, and what is done about them."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.menu import MenuItem

from accounts.confirming import ask_who_it_is
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import SitePause
from campaigns.permissions import petition_policy
from integrity.desk import sweeping, waves
from integrity.desk.filters import FilterForm, covers_everything, in_words, is_of_everybody, scope
from integrity.desk.hours import KINDS, busiest, spikes
from integrity.desk.sample import examples, numbers
from integrity.desk.sweeping import MOST_ALONE
from integrity.forms import ACTS, SweepForm
from integrity.models import Sweep
from integrity.permissions import sweep_policy, wave_policy
from security import audit
from security.sealed_plans import OutdatedPlanError, Seal
from signatures.views.responses import personal

# What was looked at is what is changed, whoever has signed since.
SEAL = Seal("sweep")
SUBJECT = "signatures"
SWEEPS_LISTED = 10


@PermissionPolicyChecker(sweep_policy).require("add")
@require_safe
def desk(request: AuthenticatedHttpRequest) -> HttpResponse:
    is_asked, now = bool(request.GET), timezone.now()
    form = FilterForm(request.GET if is_asked else None)
    chosen = form.chosen(now) if is_asked and form.is_valid() else {}
    context = {
        "page_title": _("Integrity"),
        "form": form,
        "spikes": spikes(scope(chosen), now),
        "petition": chosen.get("petition", ""),
        "kinds": KINDS.items(),
        "waves": waves.newest(),
        "may_clear": wave_policy.user_has_permission(request.user, "change"),
        "busiest": busiest(now),
        "sweeps": Sweep.objects.order_by("-asked_at")[:SWEEPS_LISTED],
        "may_pause": petition_policy.user_has_permission(request.user, "change"),
        "pause": SitePause.objects.lasting().first(),
        **(looked_at(request, chosen, now) if chosen else {}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return personal(render(request, "integrity/admin/desk.html", context, status=status))


def looked_at(
    request: AuthenticatedHttpRequest, chosen: dict[str, str], now: datetime
) -> dict[str, Any]:
    """What would be changed, and a plan that says so."""
    found = numbers(chosen)
    is_all = covers_everything(chosen, found["invalidate"], now)
    audit.record("signatures.sampled", request.user, reason=said(chosen))
    plan = {"chosen": chosen, "numbers": found, "is_all": is_all}
    return {
        "is_answer": True,
        "words": list(in_words(chosen)),
        "numbers": found,
        "is_all": is_all,
        "is_of_everybody": is_of_everybody(chosen),
        "examples": examples(chosen),
        "most_alone": MOST_ALONE,
        "sweep_form": SweepForm(),
        "plan": SEAL.close(plan, request.user, SUBJECT),
    }


def said(chosen: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in chosen.items())


@PermissionPolicyChecker(sweep_policy).require("add")
@require_POST
def sweep(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Does to all that was looked at what was chosen; asks once more where that is everything."""
    try:
        plan = SEAL.open(request.POST.get("plan", ""), request.user, SUBJECT)
    except OutdatedPlanError:
        messages.error(request, _("This page was open for too long. Please look again."))
        return redirect("integrity")
    form = SweepForm(request.POST)
    seen = plan["numbers"].get(request.POST.get("act"), 0)
    is_sure = not plan["is_all"] or request.POST.get("sure") == str(seen)
    if form.is_valid() and not seen:
        messages.error(request, _("There is nothing to change."))
        return redirect("integrity")
    if not form.is_valid() or not is_sure:
        return asked(request, plan, form, seen)
    if question := ask_who_it_is(request):
        return question
    data = form.cleaned_data
    act = Sweep.Act(data["act"])
    begun = sweeping.ask(
        act,
        plan["chosen"],
        request.user,
        seen=seen,
        note=data["note"],
        reason=data["reason"] if act == Sweep.Act.INVALIDATE else "",
    )
    return redirect("sweep_detail", begun.pk)


def asked(
    request: AuthenticatedHttpRequest, plan: dict[str, Any], form: SweepForm, seen: int
) -> HttpResponse:
    """The form again, with what is wrong in it; or the question whether really everything."""
    act = request.POST.get("act", "")
    if act != Sweep.Act.INVALIDATE:
        del form.fields["reason"]
    context = {
        "page_title": _("Signatures: %(act)s") % {"act": dict(ACTS).get(act, "–")},
        "form": form,
        "plan": request.POST["plan"],
        "act": act,
        "words": list(in_words(plan["chosen"])),
        "is_all": plan["is_all"],
        "seen": seen,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return personal(render(request, "integrity/admin/ask.html", context, status=status))


class IntegrityMenuItem(MenuItem):
    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return bool(sweep_policy.user_has_permission(request.user, "add"))
