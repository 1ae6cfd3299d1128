"""Records that belong to somebody else's campaign or language are not edited.

Permissions speak of all records of a kind; these hooks narrow them to the assigned ones. They come
before wagtail-localize's, which shows its own editor in place of the usual one.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages

from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CityName
from campaigns.permissions import may_change
from campaigns.publishing.publishers import refuse_unpublished, shows_at_once
from campaigns.viewsets.base import AskingMixin
from translations.gaps import translation_of

FIRST = -20


@hooks.register("before_edit_snippet", order=FIRST)
def refuse_to_edit(request: AuthenticatedHttpRequest, record: Model) -> HttpResponse | None:
    if not may_change(request.user, record):
        raise PermissionDenied
    if not shows_at_once(record):
        return None
    # What is sent to a record's own pages is refused there, where others can be asked for it. A
    # name's translation has its form at an address of its own; wagtail-localize's asks nobody.
    translation = translation_of(record) if isinstance(record, CityName) else None
    if request.method == "POST" and asks_itself(request) and not translation:
        return None
    try:
        refuse_unpublished(request.user, record)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        if request.method != "POST":
            # Whoever may not change it may look at it.
            return None
        if translation:
            return redirect("translate_name", translation.pk)
        return redirect(request.get_full_path())
    return None


def asks_itself(request: HttpRequest) -> bool:
    """Whether a request is for the page of one record."""
    view = getattr(request.resolver_match and request.resolver_match.func, "view_class", None)
    return isinstance(view, type) and issubclass(view, AskingMixin)


@hooks.register("before_delete_snippet", order=FIRST)
def refuse_to_delete(request: HttpRequest, records: Iterable[Any]) -> HttpResponse | None:
    answers = [refuse_to_edit(request, record) for record in records]
    return next((answer for answer in answers if answer), None)
