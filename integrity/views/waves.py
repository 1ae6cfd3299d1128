"""A wave that was found, and saying that it is of people."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker

from accounts.confirming import ask_who_it_is
from accounts.requests import AuthenticatedHttpRequest
from integrity.desk import waves
from integrity.forms import NoteForm
from integrity.models import Wave
from integrity.permissions import wave_policy
from signatures.views.responses import personal


@PermissionPolicyChecker(wave_policy).require("change")
@require_http_methods(["GET", "HEAD", "POST"])
def clear_wave(request: AuthenticatedHttpRequest, wave_id: int) -> HttpResponse:
    wave = get_object_or_404(Wave, pk=wave_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return ask_who_it_is(request) or cleared(request, wave, form.cleaned_data["note"])
    context = {
        "page_title": _("These are people"),
        "line": waves.lines([wave])[0],
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return personal(render(request, "integrity/admin/wave.html", context, status=status))


def cleared(request: AuthenticatedHttpRequest, wave: Wave, note: str) -> HttpResponse:
    sweep = waves.clear(wave, request.user, note)
    if sweep is None:
        messages.warning(request, _("Somebody has said so already."))
        return redirect("integrity")
    return redirect("sweep_detail", sweep.pk)
