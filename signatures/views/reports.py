"""Reporting a public name or comment to the moderators, without an account."""

import uuid
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from campaigns.models import Petition
from security import limits
from signatures.form.form_fields import Radios
from signatures.models import Report, Signature
from signatures.moderation.decisions import Reason
from signatures.release import PARTS
from signatures.views.responses import personal, see_other
from signatures.views.same_origin import own_posts_only

# One network is counted once a day for one text, however often it reports it.
ONCE_A_DAY = limits.Rate(1, 24 * 60 * 60)
# The signer's own wish is for the signer's own page.
REASONS = [reason for reason in Reason if reason != Reason.ASKED]


class ReportForm(forms.Form):
    """Why something should not be public."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        choices=lambda: [(reason.value, capfirst(str(reason.label))) for reason in REASONS],
        widget=Radios,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


def public_text(petition_id: uuid.UUID, part: str, checksum: str) -> Signature | None:
    """The signature whose name or comment everybody can read, as it was when it was shown."""
    if part not in PARTS or not checksum.isalnum():
        return None
    rows = Signature.objects.filter(petition=petition_id, **{f"{part}_checksum": checksum})
    return rows.with_public(part).first()


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(
    request: HttpRequest, petition_id: uuid.UUID, part: str, checksum: str
) -> HttpResponse:
    """Takes a report. Whether it was the first of its network or another one is told to nobody."""
    if "sent" in request.GET and request.method != "POST":
        return shown_report(request, petition_id, is_sent=True)
    signature = public_text(petition_id, part, checksum)
    if signature is None:
        return shown_report(request, petition_id, status=HTTPStatus.NOT_FOUND)
    found = {"signature": signature, "part": part, "text": getattr(signature, part)}
    form = ReportForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return shown_report(request, petition_id, status, form=form, **found)
    if not limits.allows(request, "report"):
        form.add_error(
            None, _("Too much has just been tried from your network. Please try again in a minute.")
        )
        status = HTTPStatus.TOO_MANY_REQUESTS
        response = shown_report(request, petition_id, status, form=form, **found)
        response["Retry-After"] = limits.RETRY_AFTER_SECONDS
        return response
    rates = (ONCE_A_DAY, limits.OF_NETWORK)
    if not limits.take(limits.network_limits(request, f"report/{checksum}", rates)):
        Report.objects.record(signature.pk, part, checksum, form.cleaned_data["reason"])
    return see_other(f"{request.path}?sent")


def shown_report(
    request: HttpRequest, petition_id: uuid.UUID, status: int = HTTPStatus.OK, **context: Any
) -> HttpResponse:
    petition = Petition.objects.filter(pk=petition_id).first()
    page = petition.live_page(request.LANGUAGE_CODE) if petition else None
    context = {"petition_page": page, **context}
    return personal(render(request, "signatures/report.html", context, status=status))
