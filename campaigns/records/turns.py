"""When time alone changes what pages show: petitions open, close, and grow too old."""

from datetime import datetime

from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.records.petitions import Petition
from translations.dates.months import months_after, months_before


def next_turn() -> datetime | None:
    """The next such moment of any petition, in one query."""
    now = timezone.now()
    old = months_before(now, Petition.MONTHS_OPEN)
    found = Petition.objects.annotate(opened=Coalesce("opens_at", "created_at")).aggregate(
        opens=Min("opens_at", filter=Q(opens_at__gt=now)),
        closes=Min("closes_at", filter=Q(closes_at__gt=now)),
        oldest=Min("opened", filter=Q(opened__gt=old)),
    )
    oldest = found["oldest"]
    ages = months_after(oldest, Petition.MONTHS_OPEN) if oldest else None
    return min(filter(None, (found["opens"], found["closes"], ages)), default=None)
