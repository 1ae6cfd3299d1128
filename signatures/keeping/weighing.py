"""A change that has signers erased sooner is shown with their number before it is stored.

Changes are weighed by making them: what is then due is compared with what was, and the whole is
taken back unless whoever makes it has the right to, and typed the number.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage import default_storage
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.auth import get_localized_response
from wagtail.log_actions import log

from accounts.models import User
from campaigns.changes import NOTE, askable
from campaigns.models import Petition
from campaigns.pages.queries import named
from campaigns.publishing.bulk import back_to
from campaigns.publishing.consequences import Told, weigher
from campaigns.views.changes import ask_moderator as ask_moderator
from campaigns.views.changes import asks
from signatures.keeping import erasing, log_words
from signatures.keeping.retention import Sooner, brought_forward, plans
from signatures.permissions import signature_policy

FIELD = "signers_erased"
# The records that `retention.acts` reads: every address of theirs is weighed.
RECORDS = ("petition", "petitionevent", "tie", "tieevent")
ADDRESSES = ("petition_bulk", "launch", "launch_progress", "wagtail_bulk_action")


def is_weighed(match: ResolverMatch | None) -> bool:
    """Whether what is posted to an address may change when signers are erased."""
    if match is None:
        return False
    # Wagtail's own names: of a record's pages, and of choosing one, where one can be made, too.
    records = tuple(f"_campaigns_{record}" for record in RECORDS)
    return match.view_name in ADDRESSES or match.namespace.endswith(records)


class WeighingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_theirs = request.method == "POST" and request.user.is_authenticated
        if is_theirs and is_weighed(found(request)):
            return weigh(request, partial(self.get_response, request))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, _error: Exception) -> None:
        """Asked before all others, who may make an answer of the error."""
        request.has_failed = True  # type: ignore[attr-defined]


def found(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def weigh(request: HttpRequest, deed: Callable[[], HttpResponse]) -> HttpResponse:
    """Does it, or undoes it and asks."""
    with transaction.atomic():
        now = timezone.now()
        before = plans(now)
        response = deed()
        if getattr(request, "has_failed", False):
            transaction.set_rollback(True)
            return response
        sooner = brought_forward(before, plans(now), now)
        if not sooner or is_agreed(request, sooner):
            erasing.notice(now)
            note(sooner, request.user)
            return response
        transaction.set_rollback(True)
    # Without what the view told of its success.
    request._messages = default_storage(request)  # type: ignore[attr-defined]
    refused = askable(request, signature_policy.named("decide_erasure"))
    if refused and not may_decide(request.user) and asks(request):
        answer: HttpResponse = get_localized_response(ask_moderator, request, refused)
        return answer
    asked: HttpResponse = get_localized_response(ask, request, sooner)
    return asked


@weigher
def of_a_command() -> Callable[[], Told]:
    now = timezone.now()
    before = plans(now)

    def after() -> Told:
        sooner = brought_forward(before, plans(now), now)
        return total(sooner), as_sentence(sooner) if sooner else ""

    return after


def may_decide(user: User | AnonymousUser) -> bool:
    return bool(signature_policy.user_has_permission(user, "decide_erasure"))


def is_agreed(request: HttpRequest, sooner: list[Sooner]) -> bool:
    typed = "".join(filter(str.isdigit, request.POST.get(FIELD, "")))
    return may_decide(request.user) and typed == str(total(sooner))


def total(sooner: list[Sooner]) -> int:
    return sum(each.number for each in sooner)


def note(sooner: list[Sooner], user: User | AnonymousUser) -> None:
    petitions = Petition.objects.in_bulk([each.petition for each in sooner])
    for each in sooner:
        data = {"signers": each.number, "day": day_of(each.erases_at).isoformat()}
        log(instance=petitions[each.petition], action=log_words.SOONER, user=user, data=data)


def day_of(moment: datetime) -> date:
    return timezone.localdate(moment, timezone.get_default_timezone())


def as_sentence(sooner: list[Sooner]) -> str:
    """In a sentence, how many signers would be erased and when."""
    first = min(each.erases_at for each in sooner)
    sentence = ngettext(
        "This change would erase %(number)s signer sooner, on %(day)s.",
        "This change would erase %(number)s signers sooner, the first of them on %(day)s.",
        total(sooner),
    )
    return sentence % {"number": total(sooner), "day": date_format(day_of(first))}


def ask(request: HttpRequest, sooner: list[Sooner]) -> HttpResponse:
    if not request.accepts("text/html"):
        error = {"error_code": "erases_sooner", "error_message": as_sentence(sooner)}
        return JsonResponse({"success": False, **error}, status=400)
    petitions = names_of([each.petition for each in sooner])
    match = request.resolver_match
    is_bulk = match is not None and match.view_name == "petition_bulk"
    context = {
        "page_title": _("Erase signers sooner?"),
        "told": as_sentence(sooner),
        "rows": [
            (petitions[each.petition], each.number, day_of(each.erases_at), each.why.label)
            for each in sooner
        ],
        "total": total(sooner),
        "may": may_decide(request.user),
        "can_ask": askable(request, signature_policy.named("decide_erasure")) is not None,
        "is_wrong": FIELD in request.POST,
        "field": FIELD,
        "posted": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in (FIELD, NOTE, "csrfmiddlewaretoken")
            for value in values
        ],
        "back": back_to(request.POST) if is_bulk else request.get_full_path(),
    }
    return render(request, "signatures/admin/erase_sooner.html", context, status=409)


def names_of(keys: list[Any]) -> dict[Any, str]:
    """The names of petitions as the list of all petitions shows them."""
    return named(Petition.objects.filter(pk__in=keys).with_names())
