"""The way in: one exact address, and what it has signed. No list of people is ever shown."""

from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.menu import MenuItem

from accounts.forms import minutes
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Petition
from campaigns.pages.queries import named
from officers_desk.finding import signatures_of
from officers_desk.forms import FindForm
from officers_desk.history import lines
from officers_desk.permissions import export_policy, log_policy
from security import audit
from security.limits import Limit, Rate, keyed_hash, take
from signatures.models import Hold, Signature
from signatures.permissions import signature_policy
from signatures.views.responses import personal

# Letters are answered one by one. Whoever tries a list of addresses is slowed, and in the log.
SEARCHES = Rate(30, 60)
LINES_A_PAGE = 50


@PermissionPolicyChecker(signature_policy).require("view")
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Finds by a post alone, so that no address of a page ever holds a signer's."""
    if request.method != "POST":
        return show(request, FindForm())
    wait = take([Limit(keyed_hash(f"signers/{request.user.pk}"), SEARCHES)])
    if wait:
        messages.error(request, too_many(wait))
        return show(request, FindForm(), status=HTTPStatus.TOO_MANY_REQUESTS)
    form = FindForm(request.POST)
    if not form.is_valid():
        return show(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    found = signatures_of(form.cleaned_data["email"])
    audit.record("signer.searched", request.user, [each.pk for each in found])
    return show(request, form, found=rows(found))


def too_many(seconds: float) -> str:
    return ngettext(
        "You have searched too often. Please try again in %(minutes)d minute.",
        "You have searched too often. Please try again in %(minutes)d minutes.",
        minutes(seconds),
    ) % {"minutes": minutes(seconds)}


def rows(found: list[Signature]) -> list[tuple[Signature, str]]:
    petitions = Petition.objects.filter(pk__in={each.petition_id for each in found})
    names = named(petitions.with_names())
    return [(each, names[each.petition_id]) for each in found]


def show(
    request: AuthenticatedHttpRequest,
    form: FindForm,
    found: list[tuple[Signature, str]] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "page_title": _("Signers"),
        "form": form,
        "is_answer": found is not None,
        "found": found,
        "holds": Hold.objects.active().count(),
        "may_export": export_policy.user_has_permission(request.user, "add"),
        "may_read_log": log_policy.user_has_permission(request.user, "view"),
    }
    return personal(render(request, "officers_desk/admin/desk.html", context, status=status))


@PermissionPolicyChecker(signature_policy).require("view")
@require_safe
def hold_list(request: HttpRequest) -> HttpResponse:
    """The legal holds that last, the first to end first. It names nobody."""
    found = Hold.objects.active().select_related("signature").order_by("until")
    names = dict(rows([each.signature for each in found]))
    context = {
        "page_title": _("Legal holds"),
        "holds": [(each, names[each.signature]) for each in found],
    }
    return personal(render(request, "officers_desk/admin/holds.html", context))


@PermissionPolicyChecker(log_policy).require("view")
@require_safe
def log_of_acts(request: HttpRequest) -> HttpResponse:
    page = Paginator(audit.entries(), LINES_A_PAGE).get_page(request.GET.get("p"))
    context: dict[str, Any] = {
        "page_title": _("Log of acts"),
        "page": page,
        "lines": lines(page.object_list),
    }
    return personal(render(request, "officers_desk/admin/log.html", context))


class SignersMenuItem(MenuItem):
    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return bool(signature_policy.user_has_permission(request.user, "view"))
