"""Files of signers: asked for, watched while they are made, and taken once."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker

from accounts.confirming import ask_who_it_is
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Petition
from campaigns.pages.queries import named
from campaigns.tables import workbooks
from campaigns.tables.writing import CSV_TYPE
from officers_desk.exports import asking, handing
from officers_desk.exports.purposes import PURPOSES
from officers_desk.forms import ExportForm
from officers_desk.models import Export
from officers_desk.permissions import export_policy
from signatures.views.responses import personal

SHOWN = 20


@PermissionPolicyChecker(export_policy).require("add")
@require_http_methods(["GET", "HEAD", "POST"])
def export_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return ask_who_it_is(request) or begun(request, form.cleaned_data)
    own = Export.objects.of(request.user).order_by("-asked_at")[:SHOWN]
    context = {
        "page_title": _("Exports"),
        "form": form,
        "purposes": PURPOSES.values(),
        "exports": [(each, PURPOSES[each.purpose], name_of(each)) for each in own],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return personal(render(request, "officers_desk/admin/exports.html", context, status=status))


def begun(request: AuthenticatedHttpRequest, data: dict[str, Any]) -> HttpResponse:
    export = asking.ask(
        data["purpose"], data["petition"], request.user, data["reason"], get_language() or "en"
    )
    return redirect("signers_export", export.pk)


def name_of(export: Export) -> str:
    return named(Petition.objects.filter(pk=export.petition_id).with_names())[export.petition_id]


def own_export(request: AuthenticatedHttpRequest, key: UUID) -> Export | None:
    """Nobody learns of anybody else's."""
    return Export.objects.of(request.user).select_related("petition").filter(pk=key).first()


def no_such_export(request: AuthenticatedHttpRequest) -> HttpResponse:
    messages.error(request, _("There is no such file, or it is not yours."))
    return redirect("signers_exports")


def is_ready(export: Export) -> bool:
    return Export.objects.to_hand_over().filter(pk=export.pk).exists()


@PermissionPolicyChecker(export_policy).require("add")
@require_safe
def export_detail(request: AuthenticatedHttpRequest, export_id: UUID) -> HttpResponse:
    export = own_export(request, export_id)
    if export is None:
        return no_such_export(request)
    context = {
        "page_title": str(PURPOSES[export.purpose].label),
        "page_subtitle": name_of(export),
        "export": export,
        "purpose": PURPOSES[export.purpose],
        "is_ready": is_ready(export),
    }
    return personal(render(request, "officers_desk/admin/export.html", context))


@PermissionPolicyChecker(export_policy).require("add")
@require_POST
def take_export(request: AuthenticatedHttpRequest, export_id: UUID) -> HttpResponseBase:
    """Streams the file to whoever asked for it, once."""
    export = own_export(request, export_id)
    if export is None:
        return no_such_export(request)
    if is_ready(export) and (asked := ask_who_it_is(request)):
        return asked
    if not handing.take(export, request.user):
        messages.error(
            request, _("This file cannot be taken: it is not ready, was taken before, or is gone.")
        )
        return redirect("signers_export", export.pk)
    is_workbook = request.POST.get("kind") == "xlsx"
    kind, ending = (workbooks.TYPE, "xlsx") if is_workbook else (CSV_TYPE, "csv")
    response = StreamingHttpResponse(handing.sent(export, is_workbook), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{export.purpose}.{ending}"'
    return personal(response)
