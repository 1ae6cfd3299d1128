"""Numbers. Totals are asked of tallies, which the rows prove; whatever is narrower, of the rows."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.models import Petition
from signatures.models import HourlyCountries, Signature, Tally, TallyChange
from signatures.tallies import NOBODY, Total, totals

SMALLEST_COUNTRY = 10
OTHER = "other"


def number_of(status: Signature.Status, *narrower: Q, **conditions: Any) -> Coalesce:
    """How many signatures of a petition are in a status; a condition may narrow them."""
    rows = Signature.objects.filter(*narrower, petition=OuterRef("pk"), status=status, **conditions)
    counted = rows.order_by().values("petition").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def signatures_total() -> CombinedExpression:
    """How many confirmed signatures a petition has, for a list: exact, and asked of tallies."""
    here = {"petition": OuterRef("pk")}
    changes = TallyChange.objects.filter(**here).order_by().values("petition")
    tally = Tally.objects.filter(**here).values("signatures")
    moved = changes.annotate(n=Sum("step")).values("n")
    return Coalesce(Subquery(tally), 0) + Coalesce(Subquery(moved), 0)


def signatures_of(petition: Petition) -> int:
    """None for a petition that is not stored, as a preview may have it."""
    return signatures_by_petition([petition.pk]).get(petition.pk, 0)


def people_of(campaign: Petition) -> int:
    """How many people signed for the campaign, wherever and however often."""
    return totals([campaign.pk]).get(campaign.pk, NOBODY).shown


def people_key(petition_id: object) -> str:
    """Beside a campaign's number of signatures, which stands by its id, that of its people."""
    return f"{petition_id}:people"


def numbers_of(petition: Petition) -> dict[str, int]:
    """What pages tell of a petition, and of no other."""
    if petition.tie_id:
        return {str(petition.pk): signatures_of(petition)}
    return told(totals([petition.pk])) or {str(petition.pk): 0}


def signatures_by_petition(petitions: Iterable[Any]) -> dict[Any, int]:
    """The counts of many petitions in one query, by petition id."""
    rows = Petition.objects.filter(pk__in=list(petitions)).order_by()
    return dict(rows.values_list("pk", signatures_total()))


def shown_numbers() -> dict[str, int]:
    """What pages tell of all petitions, for whoever keeps pages."""
    return told(totals())


def told(found: Mapping[uuid.UUID, Total]) -> dict[str, int]:
    numbers = {}
    for key, total in found.items():
        numbers[str(key)] = total.signatures
        if total.people is not None:
            numbers[people_key(key)] = total.people
    return numbers


def position_of(signature: Signature) -> int:
    """Which one it is among the petition's confirmed signatures, counting from 1.

    By those who came after it, of whom whoever has just signed has hardly any.
    """
    at = signature.confirmed_at
    since = Q(confirmed_at__gt=at) | Q(confirmed_at=at, id__gte=signature.pk)
    before = signatures_total() - number_of(Signature.Status.CONFIRMED, since)
    stored = Petition.objects.filter(pk=signature.petition_id)
    # A preview's petition may not be stored: then nobody came before.
    return (stored.values_list(before, flat=True).first() or 0) + 1


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
