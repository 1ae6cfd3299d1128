"""The recipient's page: what was handed over, how it stands now, and whether a file is ours."""

import uuid
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_countries import countries

from campaigns.models import Answer, Delivery, TextVersion
from campaigns.records.answers import answer_due
from deliveries.answering import links
from deliveries.checking import Verdict, check
from deliveries.models import AnswerLink
from deliveries.numbers import numbers_of
from pagecache.declaring import declare
from security import limits
from signatures.shown.places import OTHER
from signatures.views.responses import personal, see_other
from signatures.views.same_origin import own_posts_only

# Nothing tells of its numbers before the next look.
SECONDS = 60.0
# A link that was lost is mailed again so often, whoever asks.
AGAIN = limits.Rate(2, 12 * 3600)
STATUSES = {
    Verdict.NOTHING: HTTPStatus.UNPROCESSABLE_ENTITY,
    Verdict.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


def find_delivery(request: HttpRequest, code: str) -> Delivery | HttpResponse:
    """The delivery of a code, as long as the network has not guessed too often.

    Raises: Http404, for a code that never was and for one that is not ready alike.
    """
    guesses = limits.network_limits(request, "code")
    if any(map(limits.is_full, guesses)):
        return too_many(request)
    ready = Delivery.objects.ready().select_related("petition__parent", "event")
    found: Delivery | None = ready.by_code(code).first()
    if found is None:
        limits.take(guesses)
        raise Http404
    return found


def too_many(request: HttpRequest) -> HttpResponse:
    response = personal(render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS))
    response["Retry-After"] = limits.RETRY_AFTER_SECONDS
    return response


@require_safe
def delivery_page(request: HttpRequest, code: str) -> HttpResponse:
    delivery = find_delivery(request, code)
    if isinstance(delivery, HttpResponse):
        return delivery
    response = shown(request, delivery, is_asked="asked" in request.GET)
    patch_cache_control(response, public=True, max_age=int(SECONDS))
    response["X-Robots-Tag"] = "noindex"
    declare(response, {"asked": ["1"]}, seconds=SECONDS)
    return response


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_file(request: HttpRequest, code: str) -> HttpResponse:
    """Says whether a file is one that was handed over; it leads back from its own address."""
    if request.method != "POST":
        return see_other(reverse("deliveries:delivery", args=[code]))
    delivery = find_delivery(request, code)
    if isinstance(delivery, HttpResponse):
        return delivery
    if not limits.allows(request, "file"):
        return too_many(request)
    verdict, name = check(request, delivery)
    status = STATUSES.get(verdict, HTTPStatus.OK)
    return personal(shown(request, delivery, status, verdict=verdict.value, file_name=name))


@own_posts_only
@require_POST
def mail_link_again(request: HttpRequest, code: str) -> HttpResponse:
    """The same answer whether or not there is a link, and where it is mailed to."""
    delivery = find_delivery(request, code)
    if isinstance(delivery, HttpResponse):
        return delivery
    again = limits.Limit(limits.keyed_hash(f"answer-link/{delivery.pk}"), AGAIN)
    if not limits.allows(request, "links"):
        return too_many(request)
    if not limits.take([again]):
        links.mail_again(delivery)
    return see_other(reverse("deliveries:delivery", args=[delivery.code]) + "?asked=1#answer")


@require_safe
def scan(request: HttpRequest, code: str, answer_id: uuid.UUID) -> HttpResponseBase:
    """A letter as it came, once somebody has decided to show it."""
    delivery = find_delivery(request, code)
    if isinstance(delivery, HttpResponse):
        return delivery
    answers = Answer.objects.public().filter(delivery=delivery, is_scan_public=True)
    answer = answers.filter(pk=answer_id).first()
    if answer is None:
        raise Http404
    return as_file(answer)


def as_file(answer: Answer) -> FileResponse:
    """Raises: Http404."""
    if not answer.scan:
        raise Http404
    suffix = PurePosixPath(answer.scan.name or "").suffix
    try:
        return FileResponse(answer.scan.open(), as_attachment=True, filename=f"answer{suffix}")
    except FileNotFoundError:
        raise Http404 from None


def shown(
    request: HttpRequest, delivery: Delivery, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    petition, language = delivery.petition, get_language() or ""
    texts = TextVersion.objects.filter(petition=petition)
    signers = delivery.totals.get("versions", {})
    answers = (
        Answer.objects.public().filter(delivery=delivery).select_related("event", "delivery__event")
    )
    context = {
        "delivery": delivery,
        "petition": petition,
        "page": None,
        "petition_page": petition.live_page(language),
        "delivered": delivered(delivery),
        "counted": delivery.counted_at and petition.format_local_time(delivery.counted_at),
        "as_of": petition.format_local_time(timezone.now()),
        "numbers": numbers_of(delivery),
        "versions": [(text, signers[text.checksum]) for text in texts if text.checksum in signers],
        "places": places_of(delivery),
        "is_waiting": Answer.objects.waiting().filter(delivery=delivery).exists(),
        "answers": answers.prefetch_related("translations"),
        "due": answer_due(petition),
        "takes_answer": AnswerLink.objects.open().filter(delivery=delivery).exists(),
        **more,
    }
    return render(request, "deliveries/delivery.html", context, status=status)


def delivered(delivery: Delivery) -> str:
    """When it was emailed; of what was handed over in person only the day is known."""
    if delivery.handed_at and delivery.way == Delivery.Way.EMAIL:
        return delivery.petition.format_local_time(delivery.handed_at)
    return date_format(delivery.day) if delivery.day else ""


def places_of(delivery: Delivery) -> list[tuple[str, int]]:
    """The countries of the signers then, the most first; those that were too few to tell last."""
    counted = dict(delivery.totals.get("by_country", {}))
    other = counted.pop(OTHER, None)
    named = sorted(counted.items(), key=lambda place: -place[1])
    told = [(str(countries.name(code)), number) for code, number in named]
    return told if other is None else [*told, ("", other)]
