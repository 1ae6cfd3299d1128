"""What is counted for a delivery: numbers that say nothing of any single signer."""

from collections import Counter
from typing import Any

from django.db.models import Count

from campaigns.models import Delivery, Petition
from signatures.models import Signature, SignatureQuerySet
from signatures.shown.data import places_data
from signatures.shown.places import fold, hourly


def counted(petition: Petition) -> SignatureQuerySet:
    return Signature.objects.counted().filter(petition=petition)


def count(petition: Petition) -> dict[str, Any]:
    """In one statement, so that all numbers are of one moment, but for where signers live.

    That is told as on the petition's own page, for the reasons there: from two numbers that are
    counted at different moments one could find who came between them.
    """
    rows = counted(petition).order_by().values_list("text__checksum", "language")
    found = {tuple(key): number for *key, number in rows.annotate(Count("pk"))}
    places = hourly([petition.pk]).get(petition.pk)
    return {
        "signatures": sum(found.values()),
        "versions": _told(_added(found, 0)),
        "by_language": fold(_added(found, 1)),
        "placed": places.signatures if places else 0,
        **places_data(places),
    }


def _told(versions: dict[str, int]) -> dict[str, int | None]:
    """None for those that are folded: each version is in one language."""
    told = versions if len(versions) == 1 else fold(versions)
    return {checksum: told.get(checksum) for checksum in versions}


def _added(found: dict[tuple[str, ...], int], part: int) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for key, number in found.items():
        totals[key[part]] += number
    return dict(totals.most_common())


def number(delivery: Delivery) -> int:
    return int(delivery.totals.get("signatures", 0))
