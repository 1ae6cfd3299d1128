"""Pausing the whole site, when nothing less helps."""

from http import HTTPStatus

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker

from accounts.confirming import ask_who_it_is
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import SitePause
from integrity.forms import NoteForm
from integrity.permissions import sweep_policy
from security import audit
from signatures.views.responses import personal


@PermissionPolicyChecker(sweep_policy).require("add")
@require_http_methods(["GET", "HEAD", "POST"])
def site_pause(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Begins the pause, or ends the one that lasts."""
    pause = SitePause.objects.lasting().select_related("begun_by").first()
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return ask_who_it_is(request) or changed(request, form.cleaned_data["note"])
    title = _("Let people sign again") if pause else _("Pause signing on the whole site")
    context = {"page_title": title, "pause": pause, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return personal(render(request, "integrity/admin/pause.html", context, status=status))


def changed(request: AuthenticatedHttpRequest, note: str) -> HttpResponse:
    """As the form said; somebody else may have done the same meanwhile."""
    is_end = request.POST.get("act") == "end"
    with transaction.atomic():
        if is_end:
            is_ours = SitePause.objects.end(request.user)
        else:
            is_ours = SitePause.objects.begin(request.user, note)
        if is_ours:
            audit.record("site.resumed" if is_end else "site.paused", request.user, reason=note)
    told = _("People can sign again.") if is_end else _("Nobody can sign until you end the pause.")
    messages.success(request, told)
    return redirect("integrity")
