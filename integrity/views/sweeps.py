"""How far a change of many signatures is, and undoing an invalidation."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker

from accounts.confirming import ask_who_it_is
from accounts.requests import AuthenticatedHttpRequest
from integrity.desk import sweeping
from integrity.desk.filters import in_words
from integrity.forms import NoteForm
from integrity.models import Sweep
from integrity.permissions import sweep_policy
from signatures.models import Invalidation
from signatures.views.responses import personal

REFRESH_SECONDS = "3"


@PermissionPolicyChecker(sweep_policy).require("add")
@require_http_methods(["GET", "HEAD", "POST"])
def sweep_detail(request: AuthenticatedHttpRequest, sweep_id: UUID) -> HttpResponse:
    """A post undoes the invalidation that it made."""
    sweeps = Sweep.objects.select_related("asked_by", "invalidation__undone_by")
    found = get_object_or_404(sweeps, pk=sweep_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and found.invalidation and form.is_valid():
        return ask_who_it_is(request) or undone(request, found.invalidation, form)
    return tell(request, found, form)


def undone(
    request: AuthenticatedHttpRequest, invalidation: Invalidation, form: NoteForm
) -> HttpResponse:
    begun = sweeping.undo(invalidation, request.user, form.cleaned_data["note"])
    if begun is None:
        messages.warning(request, _("It was undone already, or somebody is changing it just now."))
        return redirect(request.get_full_path())
    return redirect("sweep_detail", begun.pk)


def tell(request: AuthenticatedHttpRequest, found: Sweep, form: NoteForm) -> HttpResponse:
    invalidation = found.invalidation
    is_done = found.state == Sweep.State.DONE
    context = {
        "page_title": found.get_act_display().capitalize(),
        "sweep": found,
        "words": list(in_words(found.chosen)),
        "reason": dict(Invalidation.Reason.choices).get(found.reason, ""),
        "form": form,
        "can_undo": is_done
        and found.act == Sweep.Act.INVALIDATE
        and invalidation is not None
        and invalidation.undone_at is None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    response = render(request, "integrity/admin/sweep.html", context, status=status)
    if found.state == Sweep.State.RUNNING:
        # So that the page goes on by itself, with scripts or without.
        response["Refresh"] = REFRESH_SECONDS
    return personal(response)
