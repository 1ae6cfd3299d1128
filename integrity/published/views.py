"""The public page that says how a petition's number came to be, and the same as JSON."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.models import Delivery, Petition, PetitionEvent
from campaigns.pages.base import PAGE_SECONDS
from integrity.models import HourlyIntegrity
from pagecache.declaring import declare
from signatures.models import Invalidation
from signatures.shown.places import OTHER
from signatures.views.api import for_reading, with_headers
from translations.languages.names import name_of

# The others are folded on the page.
NEWEST_DAYS = 14
NUMBERS = ("confirmed", "in_review", "pending", "expired", "withdrawn")


@dataclass(frozen=True)
class TableRow:
    label: str
    number: int
    # Of the largest in its table.
    percent: int


def by_name(numbers: dict[str, int]) -> dict[str, int]:
    return dict(sorted(numbers.items()))


def by_size(numbers: dict[str, int]) -> dict[str, int]:
    """The largest first, and last what is put together."""
    names = sorted(numbers, key=lambda name: (name == OTHER, -numbers[name], name))
    return {name: numbers[name] for name in names}


def listed_petition(petition_id: uuid.UUID) -> Petition:
    found = Petition.objects.listed().select_related("integrity").filter(pk=petition_id).first()
    if found is None:
        raise Http404
    return found


def hour_of(petition: Petition) -> HourlyIntegrity | None:
    return getattr(petition, "integrity", None)


def deliveries_of(petition: Petition) -> list[dict[str, Any]]:
    """Of those that were made elsewhere, only the day is known."""
    handed = petition.events.filter(kind=PetitionEvent.Kind.DELIVERED).select_related("delivery")
    return [delivery_data(event, getattr(event, "delivery", None)) for event in handed]


def delivery_data(event: PetitionEvent, made: Delivery | None) -> dict[str, Any]:
    totals = made.totals if made else {}
    return {
        "date": event.date,
        "code": made and made.code,
        "signatures": totals.get("signatures"),
        # How many signed which version, by its checksum.
        "versions": totals.get("versions", {}),
    }


@for_reading
def integrity_data(request: HttpRequest, petition_id: uuid.UUID) -> HttpResponse:
    """Numbers are null until they were counted once."""
    petition = listed_petition(petition_id)
    hour = hour_of(petition)
    data = {
        **{name: getattr(hour, name, None) for name in NUMBERS},
        "invalidated": by_size(hour.invalidated) if hour else {},
        "by_day": by_name(hour.by_day) if hour else {},
        "by_language": by_size(hour.by_language) if hour else {},
        "recounted_at": hour.at if hour else None,
        "deliveries": deliveries_of(petition),
    }
    response = JsonResponse(data)
    declare(response, seconds=PAGE_SECONDS, in_every_language=True)
    return with_headers(response)


def table_rows(numbers: dict[str, int], label_of: Callable[[str], str]) -> list[TableRow]:
    largest = max(numbers.values(), default=0)
    return [
        TableRow(label_of(name), number, number * 100 // largest)
        for name, number in numbers.items()
    ]


def label_of_days(name: str) -> str:
    """One day, or the first and the last of several; the year is told once where it is one."""
    first, *rest = map(date.fromisoformat, name.split("/"))
    if not rest:
        return str(date_format(first))
    [last] = rest
    shape = "MONTH_DAY_FORMAT" if first.year == last.year else "DATE_FORMAT"
    return f"{date_format(first, shape)}\u00a0– {date_format(last)}"


def label_of_language(name: str) -> str:
    return _("Other languages") if name == OTHER else name_of(name)


def label_of_reason(name: str) -> str:
    return str(Invalidation.Reason(name).label)


@require_safe
def integrity_page(request: HttpRequest, petition_id: uuid.UUID) -> HttpResponse:
    petition = listed_petition(petition_id)
    page: Any = petition.live_page(get_language() or "")
    if page is None:
        raise Http404
    hour = hour_of(petition)
    days = table_rows(by_name(hour.by_day), label_of_days)[::-1] if hour else []
    context = {
        **page.get_context(request),
        "language_links": {code: address_in(code, petition) for code in page.language_links},
        "hour": hour,
        "counted_at": hour and petition.format_local_time(hour.at),
        "invalidated": sum(hour.invalidated.values()) if hour else 0,
        "deliveries": deliveries_of(petition),
        "days": days[:NEWEST_DAYS],
        "earlier_days": days[NEWEST_DAYS:],
        "languages": table_rows(by_size(hour.by_language), label_of_language) if hour else [],
        "reasons": table_rows(by_size(hour.invalidated), label_of_reason) if hour else [],
    }
    response = render(request, "integrity/page.html", context)
    patch_cache_control(response, public=True, max_age=PAGE_SECONDS)
    declare(response, seconds=PAGE_SECONDS)
    return response


def address_in(language: str, petition: Petition) -> str:
    with override(language):
        return settings.BASE_URL + reverse("integrity:page", args=[petition.pk])
