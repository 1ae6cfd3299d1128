"""Numbers. All of them come from the confirmed rows themselves, so that none can drift."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.models import Petition
from signatures.models import HourlyCountries, Signature

SMALLEST_COUNTRY = 10
OTHER = "other"
# Counting 200,000 people takes a tenth of a second, too long for every view of a page.
LARGE = 10_000
# With the age that a page itself may have (`PAGE_SECONDS`), no page is older than ten seconds.
COUNT_SECONDS = 5


def number_of(status: Signature.Status, *narrower: Q, **conditions: Any) -> Coalesce:
    """How many signatures of a petition are in a status; a condition may narrow them."""
    rows = Signature.objects.filter(*narrower, petition=OuterRef("pk"), status=status, **conditions)
    counted = rows.order_by().values("petition").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def signatures_of(petition: Petition) -> int:
    return Signature.objects.confirmed().filter(petition=petition).count()


def people_of(campaign: Petition) -> int:
    """How many people signed for the campaign, wherever and however often."""
    return Signature.objects.confirmed().of_campaign(campaign).people()


def shown_count(petition: Petition) -> int:
    """What a petition's own page counts: people for a campaign, signatures for a city."""
    return signatures_of(petition) if petition.tie_id else people_of(petition)


def count_on_page(petition: Petition) -> int:
    """The same for pages that everybody reads, where a large number may be seconds old."""
    key = f"signatures.count/{petition.pk}"
    count: int | None = cache.get(key)
    if count is None:
        count = shown_count(petition)
        if count >= LARGE:
            cache.set(key, count, COUNT_SECONDS)
    return count


def signatures_by_petition(petitions: Iterable[Any]) -> dict[Any, int]:
    """The counts of many petitions in one query, by petition id."""
    rows = Signature.objects.confirmed().filter(petition__in=list(petitions))
    return dict(rows.order_by().values_list("petition").annotate(n=Count("*")))


def shown_numbers() -> dict[str, int]:
    """What every petition's own page counts, by its id, for whoever keeps pages."""
    rows = Signature.objects.confirmed().order_by().values_list("petition").annotate(Count("id"))
    campaigns = Petition.objects.filter(parent=None)
    people = {campaign.pk: people_of(campaign) for campaign in campaigns}
    return {str(key): number for key, number in (dict(rows) | people).items()}


def full_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def by_country(petition: Petition, now: datetime | None = None) -> dict[str, int]:
    return by_countries([petition], now)[petition.pk]


def by_countries(
    petitions: Iterable[Petition], now: datetime | None = None
) -> dict[Any, dict[str, int]]:
    """Signatures by country, by petition id: the same for a whole hour, small numbers folded.

    A change within the hour, a new signature as much as one that is withdrawn or erased, shows in
    the next, so that its moment points at nobody. Whose country it was is not kept for that: the
    numbers are, for everybody to be told the same.
    """
    keys = [petition.pk for petition in petitions]
    rows = HourlyCountries.objects.filter(petition__in=keys, hour=full_hour(now or timezone.now()))
    known = dict(rows.values_list("petition", "numbers"))
    if missing := [key for key in keys if key not in known]:
        _keep_countries(missing, now or timezone.now())
        # As whoever was first has counted.
        known = dict(rows.values_list("petition", "numbers"))
    return {key: fold(known[key]) for key in keys}


def _keep_countries(keys: list[Any], now: datetime) -> None:
    hour = full_hour(now)
    numbers: dict[Any, dict[str, int]] = {key: {} for key in keys}
    rows = Signature.objects.confirmed().filter(petition__in=keys, confirmed_at__lt=hour)
    counted = rows.order_by().values_list("petition", "country").annotate(n=Count("*"))
    for key, country, number in counted:
        numbers[key][country] = number
    HourlyCountries.objects.bulk_create(
        [
            HourlyCountries(petition_id=key, hour=hour, numbers=found)
            for key, found in numbers.items()
        ],
        ignore_conflicts=True,
    )


def fold(counts: dict[str, int]) -> dict[str, int]:
    """Puts countries under ten into "other", and never a single one of them alone."""
    by_size = sorted(counts.items(), key=lambda item: (item[1], item[0]))
    small = [item for item in by_size if item[1] < SMALLEST_COUNTRY]
    if len(small) == 1:
        small = by_size[:2]
    kept = by_size[len(small) :]
    folded = dict(reversed(kept))
    if small:
        folded[OTHER] = sum(number for _, number in small)
    return folded
