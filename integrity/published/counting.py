"""What became of the signatures of a petition's round, counted from the rows once an hour."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from campaigns.models import Petition
from integrity.models import HourlyIntegrity
from integrity.published.folding import fold_days, fold_languages
from signatures.models import ExpiredNumber, Signature
from signatures.shown.places import HOUR, fold, stepped

Row = tuple[str, bool, str | None, str, date | None, int]


@dataclass
class Becomings:
    """Of a petition's signatures: how many are in which status, and those that count in detail."""

    status: Counter[str] = field(default_factory=Counter)
    in_review: int = 0
    invalidated: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Becomings":
        found = cls()
        for status, is_held, reason, language, day, number in rows:
            if status == Signature.Status.CONFIRMED and is_held:
                found.in_review += number
                continue
            found.status[status] += number
            if reason:
                found.invalidated[reason] += number
            if day and status == Signature.Status.CONFIRMED:
                found.days[day] += number
                found.languages[language] += number
        return found


def rows_of(petition: Petition) -> Iterable[Row]:
    """In one statement, so that all its numbers are of one moment."""
    zone = ZoneInfo(petition.time_zone)
    rows = Signature.objects.filter(petition=petition, round=None).order_by()
    return (
        rows.annotate(is_held=Q(held_at__isnull=False))
        .annotate(day=TruncDate("confirmed_at", tzinfo=zone))
        .values_list("status", "is_held", "invalidation__reason", "language", "day")
        .annotate(Count("pk"))
    )


def refresh_integrity(now: datetime | None = None) -> int:
    """Counts those petitions anew that were counted an hour ago or never; returns how many."""
    now = now or timezone.now()
    known = HourlyIntegrity.objects.in_bulk()
    due = [
        petition
        for petition in Petition.objects.order_by("pk")
        if petition.pk not in known or known[petition.pk].at <= now - HOUR
    ]
    expired = expired_by_reason() if due else {}
    for petition in due:
        before = known.get(petition.pk)
        numbers = numbers_of(petition, before, expired.get(petition.pk, Counter()))
        keep_numbers(petition, before, {"at": now, **numbers})
    return len(due)


def expired_by_reason() -> dict[UUID, Counter[str]]:
    """By petition, of its round; without a reason, those that nobody confirmed in time."""
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    began = TruncDate("petition__reopened_at", tzinfo=UTC)
    of_round = Q(petition__reopened_at=None) | Q(day__gte=began)
    rows = ExpiredNumber.objects.filter(of_round).order_by().values_list("petition", "reason")
    for petition, reason, number in rows.annotate(Sum("number")):
        found[petition][reason] = number
    return found


def numbers_of(
    petition: Petition, before: HourlyIntegrity | None, expired: Counter[str]
) -> dict[str, Any]:
    found = Becomings.of(rows_of(petition))
    invalidated = found.invalidated + Counter({key: expired[key] for key in expired if key})
    status = Signature.Status
    told = stepped(before.languages if before else {}, found.languages)
    confirmed = found.status[status.CONFIRMED]
    return {
        "confirmed": confirmed,
        "in_review": found.in_review,
        "pending": found.status[status.PENDING],
        "expired": expired[""],
        "withdrawn": found.status[status.WITHDRAWN],
        "invalidated": fold(invalidated),
        "by_day": fold_days(found.days),
        "by_language": fold_languages(told, confirmed),
        "languages": told,
    }


def keep_numbers(
    petition: Petition, before: HourlyIntegrity | None, numbers: dict[str, Any]
) -> None:
    """Of two workers who are at it, one changes it."""
    if before is None:
        HourlyIntegrity.objects.bulk_create(
            [HourlyIntegrity(petition=petition, **numbers)], ignore_conflicts=True
        )
    else:
        HourlyIntegrity.objects.filter(pk=petition.pk, at=before.at).update(**numbers)
