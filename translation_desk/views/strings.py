"""Saving one text or link in wagtail-localize's editor, in place of its own views.

What cannot stand in the source's place is not stored. The editor reads only answers of success, so
that the reason comes in one, and stands beside what was typed.
"""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from wagtail_localize.models import (
    OverridableSegment,
    StringSegment,
    StringTranslation,
    Translation,
)
from wagtail_localize.views import edit_translation

from accounts.requests import AuthenticatedHttpRequest
from security.printable import printable
from translation_desk.editor import based_on
from translation_desk.editor.based_on import Sent
from translation_desk.editor.emptied import empty
from translation_desk.notes import date_in_words, note_of
from translation_desk.po.texts import misfit_in
from translation_desk.views.machine_drafts import translation_for
from translations.queries import is_draft


def edit_string(
    request: AuthenticatedHttpRequest, translation_id: int, string_segment_id: int
) -> HttpResponse:
    """Says at once what the glossary says, too."""
    translation = translation_for(request, translation_id)
    sent = _sent(request)
    # Whoever saves at the same time waits, and learns of it.
    with transaction.atomic():
        Translation.objects.select_for_update().get(pk=translation.pk)
        segment = based_on.segment_for(translation, string_segment_id, sent)
        if segment is None:
            return _kept(request, translation, string_segment_id, sent)
        if other := based_on.written_meanwhile(translation, segment, sent):
            return _written_meanwhile(request, segment, sent, other)
        return _saved(request, translation, segment, sent.get("value", ""))


def _saved(
    request: AuthenticatedHttpRequest, translation: Translation, segment: StringSegment, text: str
) -> HttpResponse:
    if request.method == "PUT":
        if reason := misfit_in(translation, segment, text):
            return _refused(text, reason, segment_id=segment.pk, string_id=segment.string_id)
        _send(request, printable(text))
    elif (row := _row_of(translation, segment)) and not is_draft(row):
        empty(row, request.user)
        return JsonResponse({})
    response: Any = edit_translation.edit_string_translation(request, translation.pk, segment.pk)
    if request.method == "PUT" and response.status_code in (200, 201):
        date_in_words(response.data)
        note = note_of(translation, segment)
        if note is not None:
            note.mark(response.data)
    return response


def _row_of(translation: Translation, segment: StringSegment) -> StringTranslation | None:
    found: StringTranslation | None = StringTranslation.objects.filter(
        translation_of=segment.string_id,
        context=segment.context_id,
        locale=translation.target_locale_id,
    ).first()
    return found


def _kept(
    request: AuthenticatedHttpRequest, translation: Translation, segment_id: int, sent: Sent
) -> HttpResponse:
    """The source has another text now: what was typed is what its translator knows of this one."""
    if request.method != "PUT" or not based_on.keep(translation, request.user, sent):
        raise Http404
    reason = _(
        "The source has changed meanwhile. Your words are kept: load this page again, and they "
        "stand at its top, beside the new text."
    )
    return _refused(sent["value"], reason, segment_id=segment_id)


def _written_meanwhile(
    request: HttpRequest, segment: StringSegment, sent: Sent, other: StringTranslation
) -> HttpResponse:
    if request.method != "PUT":
        return HttpResponse(status=HTTPStatus.CONFLICT)
    reason = _(
        "Meanwhile %(name)s wrote here: “%(text)s”. To put yours in its place, save once more."
    ) % {"name": writer_of(other), "text": other.data}
    ids = {"segment_id": segment.pk, "string_id": segment.string_id, "known": other.data}
    return _refused(sent["value"], reason, **ids)


def writer_of(text: StringTranslation) -> str:
    user = text.last_translated_by
    return str(user.get_full_name() or user.get_username()) if user else _("somebody else")


def edit_override(
    request: AuthenticatedHttpRequest, translation_id: int, overridable_segment_id: int
) -> HttpResponse:
    """Another link, or another image, in one language."""
    translation = translation_for(request, translation_id)
    found = OverridableSegment.objects.filter(context__object_id=translation.source.object_id)
    segment = get_object_or_404(found, pk=overridable_segment_id)
    if request.method == "PUT" and isinstance(segment.data, str):
        address = _sent(request).get("value", "")
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


def _sent(request: HttpRequest) -> Sent:
    """What a PUT brings. Django reads no form from it, and wagtail-localize will read it again."""
    _kept = request.body
    try:
        sent = Request(request, parsers=[MultiPartParser(), FormParser()]).data
    except APIException:
        return {}
    return {name: text for name, text in sent.items() if isinstance(text, str)}


def _send(request: HttpRequest, text: str) -> None:
    """Lets wagtail-localize read this text in place of what was sent."""
    request._body = urlencode({"value": text}).encode()
    request.META["CONTENT_TYPE"] = "application/x-www-form-urlencoded"


def _refused(text: str, reason: str, **ids: Any) -> JsonResponse:
    error = _("Not saved. %(reason)s") % {"reason": reason}
    return JsonResponse(
        {**ids, "data": text, "error": error, "comment": None, "last_translated_by": None}
    )
