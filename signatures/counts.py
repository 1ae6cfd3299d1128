"""Numbers. Totals are asked of tallies, which the rows prove; whatever is narrower, of the rows."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from campaigns.models import Petition
from signatures.models import Signature, Tally, TallyChange
from signatures.tallies import NOBODY, Total, totals


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


def signatures_by_petition(petitions: Iterable[Any]) -> dict[Any, int]:
    """The counts of many petitions in one query, by petition id."""
    rows = Petition.objects.filter(pk__in=list(petitions)).order_by()
    return dict(rows.values_list("pk", signatures_total()))


def shown_numbers() -> dict[str, int]:
    """What pages tell of all petitions."""
    return told(totals())


def told(found: Mapping[uuid.UUID, Total]) -> dict[str, int]:
    numbers = {}
    for key, total in found.items():
        numbers[str(key)] = total.signatures
        if total.people is not None:
            numbers[people_key(key)] = total.people
    return numbers


def position_of(signature: Signature) -> int | None:
    """Which one it is among the petition's confirmed signatures, counting from 1.

    By those who came after it, of whom whoever has just signed has hardly any. While anybody is in
    review, nobody has a number: whoever is has none, and would learn it by that.
    """
    at = signature.confirmed_at
    since = Q(confirmed_at__gt=at) | Q(confirmed_at=at, id__gte=signature.pk)
    before = signatures_total() - number_of(
        Signature.Status.CONFIRMED, since, held_at=None, round=None
    )
    stored = Petition.objects.filter(pk=signature.petition_id)
    # Written so that SQLite, too, finds them by the index of those in review.
    here = Signature.objects.filter(petition=OuterRef("pk"), round=None)
    review = here.filter(held_at__isnull=False)
    # A preview's petition may not be stored: then nobody came before.
    number, in_review = stored.values_list(before, Exists(review)).first() or (0, False)
    return None if in_review else number + 1
