"""The answers to the editors' own questions, for data officers."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.reports import ReportView
from wagtail.log_actions import log

from accounts.confirming import confirmed_reading
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Petition
from campaigns.pages.queries import named
from campaigns.records.petitions import PetitionQuerySet
from campaigns.tables.writing import CSV_TYPE, csv_text
from signatures.counts import number_of, signatures_total
from signatures.form.answers import rows
from signatures.models import Signature
from signatures.permissions import signature_policy
from signatures.views.responses import personal


def lines(petition: Petition, language: str) -> Iterator[str]:
    # The response is sent after the request's own language has been put away.
    with override(language):
        yield from csv_text(rows(petition))


@confirmed_reading
@PermissionPolicyChecker(signature_policy).require("view")
@require_safe
def export(request: HttpRequest, petition_id: uuid.UUID) -> HttpResponseBase:
    """A table of the answers, without names and addresses. The audit log keeps who took it."""
    petition = get_object_or_404(Petition.objects.select_related("tie", "parent"), pk=petition_id)
    log(instance=petition, action="signatures.answers_exported", user=request.user)
    response = StreamingHttpResponse(lines(petition, get_language() or "en"), content_type=CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="answers-{petition.pk}.csv"'
    return personal(response)


class DownloadColumn(Column):
    cell_template_name = "signatures/admin/answers_cell.html"

    def get_value(self, instance: Petition) -> Petition:
        return instance


class AnswersView(ReportView):
    """All petitions, each with its table of answers to download."""

    model = Petition
    page_title = _("Answers")
    header_icon = "help"
    index_url_name = "answers_report"
    index_results_url_name = "answers_report_results"
    permission_policy = signature_policy
    permission_required = "view"
    default_ordering = "-answered"
    is_searchable = False
    columns = [
        Column("name", label=_("Petition")),
        NumberColumn("confirmed", label=_("Signatures"), sort_key="confirmed"),
        NumberColumn("answered", label=_("With answers"), sort_key="answered"),
        DownloadColumn("download", label=_("Answers")),
    ]

    def get_base_queryset(self) -> PetitionQuerySet:
        return Petition.objects.with_names().annotate(
            confirmed=signatures_total(),
            answered=number_of(
                Signature.Status.CONFIRMED, ~Q(answers={}), held_at=None, round=None
            ),
        )

    def decorate_paginated_queryset(self, object_list: Iterable[Petition]) -> list[Petition]:
        petitions = list(object_list)
        names = named(petitions)
        for petition in petitions:
            row: Any = petition
            row.name = names[petition.pk]
        return petitions


class AnswersMenuItem(MenuItem):
    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return bool(signature_policy.user_has_permission(request.user, "view"))
