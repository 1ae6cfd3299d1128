"""The answers to a petition's own questions, for data officers."""

import csv
import uuid
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_required
from wagtail.log_actions import log

from campaigns.models import Petition
from signatures.answers import rows
from signatures.views.responses import personal

PERMISSION = "signatures.view_signature"
# Without it, spreadsheets take the file for one of an older encoding.
BYTE_ORDER_MARK = "\ufeff"


class Line:
    """A file for `csv` that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(petition: Petition, language: str) -> Iterator[str]:
    writer = csv.writer(Line())
    yield BYTE_ORDER_MARK
    # The response is sent after the request's own language has been put away.
    with override(language):
        for row in rows(petition):
            yield writer.writerow(row)


@permission_required(PERMISSION)
@require_safe
def export(request: HttpRequest, petition_id: uuid.UUID) -> HttpResponseBase:
    """A table of the answers, without names and addresses. The audit log keeps who took it."""
    petition = get_object_or_404(Petition.objects.select_related("tie", "parent"), pk=petition_id)
    log(instance=petition, action="signatures.answers_exported", user=request.user)
    response = StreamingHttpResponse(
        lines(petition, get_language() or "en"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="answers-{petition.pk}.csv"'
    return personal(response)
