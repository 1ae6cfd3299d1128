"""Machine drafts and reused texts: made, looked at, accepted."""

from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from accounts.requests import AuthenticatedHttpRequest, path_onwards
from translation_desk.machine.drafts import accept, draft
from translation_desk.machine.service import ServiceError, service_for
from translations.permissions import translation_policy
from translations.queries import DRAFTS, is_draft, is_from_memory

DRAFTS_LISTED = 5


class AcceptForm(forms.Form):
    """One text as it stands in the form, or all drafts as they are stored."""

    text = forms.IntegerField(required=False)
    words = forms.CharField(required=False)


def translation_for(request: AuthenticatedHttpRequest, translation_id: int) -> Translation:
    """Raises: Http404, PermissionDenied."""
    translation = get_object_or_404(
        Translation.objects.select_related("source__locale", "target_locale"), pk=translation_id
    )
    try:
        allowed = translation_policy.user_has_permission_for_instance(
            request.user, "change", translation
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    if not allowed:
        raise PermissionDenied
    return translation


def back(request: HttpRequest, translation: Translation) -> HttpResponse:
    address = path_onwards(request)
    return redirect(address or translation.get_target_instance_edit_url())


@require_POST
def machine_translate(request: AuthenticatedHttpRequest, translation_id: int) -> HttpResponse:
    """In place of wagtail-localize's own, whose texts would count as translated at once."""
    translation = translation_for(request, translation_id)
    service = service_for(translation)
    if service is None:
        raise Http404
    try:
        made = draft(translation, service)
    except ServiceError as error:
        messages.error(request, str(error))
        return back(request, translation)
    words = ngettext(
        "%(count)s draft was made. Nothing of it shows before you accept it.",
        "%(count)s drafts were made. Nothing of them shows before you accept them.",
        made.drafts,
    )
    messages.success(request, words % {"count": made.drafts})
    if made.left:
        messages.warning(request, _("The service is slow: some texts are left. Ask it again."))
    return back(request, translation)


@require_POST
def accept_texts(request: AuthenticatedHttpRequest, translation_id: int) -> HttpResponse:
    translation = translation_for(request, translation_id)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was accepted: the text cannot be read."))
        return back(request, translation)
    rows = _chosen(translation, form.cleaned_data)
    if not rows:
        messages.warning(request, _("There was nothing to accept."))
    with transaction.atomic():
        refused = accept(translation, rows, request.user)
    for row, reason in refused[:DRAFTS_LISTED]:
        told = {"text": Truncator(row.data).chars(80), "reason": reason}
        messages.error(request, _("Not accepted: “%(text)s”. %(reason)s") % told)
    if len(refused) > DRAFTS_LISTED:
        more = ngettext(
            "%(count)s more draft was not accepted.",
            "%(count)s more drafts were not accepted.",
            len(refused) - DRAFTS_LISTED,
        )
        messages.error(request, more % {"count": len(refused) - DRAFTS_LISTED})
    if count := len(rows) - len(refused):
        words = ngettext("%(count)s text was accepted.", "%(count)s texts were accepted.", count)
        messages.success(request, words % {"count": count})
    return back(request, translation)


def _chosen(translation: Translation, data: dict[str, Any]) -> list[StringTranslation]:
    segments = StringSegment.objects.filter(source=translation.source)
    rows = segments.get_translations(translation.target_locale).select_related(
        "translation_of", "context"
    )
    if data["text"] is None:
        return list(rows.filter(DRAFTS))
    segment = get_object_or_404(segments, pk=data["text"])
    row = get_object_or_404(
        rows, translation_of_id=segment.string_id, context_id=segment.context_id
    )
    if not (data["words"] or is_draft(row) or is_from_memory(row)):
        return []
    row.data = data["words"] or row.data
    return [row]
