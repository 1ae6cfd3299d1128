"""When time alone changes what pages show: petitions open, close and, like ties, grow old."""

from datetime import datetime

from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.records.freshness import next_aging
from campaigns.records.petitions import Petition, PetitionQuerySet
from translations.dates.months import months_after, months_before


def next_turn() -> datetime | None:
    """The next such moment of any petition or tie, in three queries."""
    now = timezone.now()
    old = months_before(now, Petition.MONTHS_OPEN)
    found = Petition.objects.annotate(
        opened=Coalesce("reopened_at", "opens_at", "created_at")
    ).aggregate(
        opens=Min("opens_at", filter=Q(opens_at__gt=now)),
        closes=Min("closes_at", filter=Q(closes_at__gt=now)),
        oldest=Min("opened", filter=Q(opened__gt=old)),
    )
    oldest = found["oldest"]
    ages = months_after(oldest, Petition.MONTHS_OPEN) if oldest else None
    ties_age = next_aging(terms(Petition.objects.all()), now)
    moments = (found["opens"], found["closes"], ages, ties_age)
    return min(filter(None, moments), default=None)


def terms(petitions: PetitionQuerySet) -> list[int]:
    """Those after which campaigns check their ties again."""
    found = petitions.filter(parent=None, check_days__isnull=False).order_by()
    return list(found.values_list("check_days", flat=True).distinct())
