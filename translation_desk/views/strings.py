"""Saving one text or link in wagtail-localize's editor, in place of its own views.

What cannot stand in the source's place is not stored. The editor reads only answers of success, so
that the reason comes in one, and stands beside what was typed.
"""

from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from wagtail_localize.models import OverridableSegment, StringSegment, Translation
from wagtail_localize.views import edit_translation

from accounts.requests import AuthenticatedHttpRequest
from security.printable import printable
from translation_desk.notes import date_in_words, note_of
from translation_desk.po.texts import misfit_in
from translation_desk.views.machine_drafts import translation_for

Segment = TypeVar("Segment", StringSegment, OverridableSegment)


def edit_string(
    request: AuthenticatedHttpRequest, translation_id: int, string_segment_id: int
) -> HttpResponse:
    """Says at once what the glossary says, too."""
    translation = translation_for(request, translation_id)
    segment = _segment(StringSegment, translation, string_segment_id)
    if request.method == "PUT":
        text = _sent(request)
        if reason := misfit_in(translation, segment, text):
            return _refused(text, reason, segment_id=segment.pk, string_id=segment.string_id)
        _send(request, printable(text))
    response: Any = edit_translation.edit_string_translation(
        request, translation_id, string_segment_id
    )
    if request.method == "PUT" and response.status_code in (200, 201):
        date_in_words(response.data)
        note = note_of(translation, segment)
        if note is not None:
            note.mark(response.data)
    return response


def edit_override(
    request: AuthenticatedHttpRequest, translation_id: int, overridable_segment_id: int
) -> HttpResponse:
    """Another link, or another image, in one language."""
    translation = translation_for(request, translation_id)
    segment = _segment(OverridableSegment, translation, overridable_segment_id)
    if request.method == "PUT" and isinstance(segment.data, str):
        address = _sent(request)
        if not is_link(address):
            reason = _("Links begin with https://, http://, mailto:, tel: or /.")
            return _refused(address, reason, segment_id=segment.pk)
    response: HttpResponse = edit_translation.edit_override(
        request, translation_id, overridable_segment_id
    )
    return response


def is_link(address: str) -> bool:
    """Whether a browser would go somewhere by it, and run nothing."""
    # Browsers overlook these, so that they may hide a scheme.
    if not address.isprintable() or address != address.strip():
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in ("", "http", "https"):
        return bool(parts.netloc) if parts.scheme else address.startswith(("/", "#"))
    return parts.scheme in ("mailto", "tel") and bool(parts.path)


def _segment(model: type[Segment], translation: Translation, pk: int) -> Segment:
    segment = get_object_or_404(model.objects.select_related("context"), pk=pk)
    if segment.context.object_id != translation.source.object_id:
        raise Http404
    return segment


def _sent(request: HttpRequest) -> str:
    """What a PUT brings. Django reads no form from it, and wagtail-localize will read it again."""
    _kept = request.body
    try:
        sent = Request(request, parsers=[MultiPartParser(), FormParser()]).data.get("value", "")
    except APIException:
        return ""
    return sent if isinstance(sent, str) else ""


def _send(request: HttpRequest, text: str) -> None:
    """Lets wagtail-localize read this text in place of what was sent."""
    request._body = urlencode({"value": text}).encode()
    request.META["CONTENT_TYPE"] = "application/x-www-form-urlencoded"


def _refused(text: str, reason: str, **ids: Any) -> JsonResponse:
    error = _("Not saved. %(reason)s") % {"reason": reason}
    return JsonResponse(
        {**ids, "data": text, "error": error, "comment": None, "last_translated_by": None}
    )
