"""Records that belong to somebody else’s campaign or language are neither edited nor deleted.

Rights on a kind of record let a request in; its policy is asked about the one record here.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CityName
from campaigns.publishing.publishers import refuse_unpublished, shows_at_once
from campaigns.viewsets.base import AskingMixin
from translations.gaps import translation_of


def refuse_to_edit(request: AuthenticatedHttpRequest, record: Model) -> HttpResponse | None:
    return refuse(request, "change", record)


def refuse(request: AuthenticatedHttpRequest, action: str, record: Model) -> HttpResponse | None:
    policy = policy_registry.get(record)
    if not policy.user_has_permission_for_instance(request.user, action, record):
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


def asks_itself(request: AuthenticatedHttpRequest) -> bool:
    """Whether a request is for the page of one record."""
    view = getattr(request.resolver_match and request.resolver_match.func, "view_class", None)
    return isinstance(view, type) and issubclass(view, AskingMixin)


def refuse_to_delete(
    request: AuthenticatedHttpRequest, records: Iterable[Any]
) -> HttpResponse | None:
    answers = [refuse(request, "delete", record) for record in records]
    return next((answer for answer in answers if answer), None)
