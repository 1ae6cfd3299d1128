"""How many had signed when a petition was handed over, and how many have now."""

from dataclasses import dataclass

from django.db.models import Q

from campaigns.models import Delivery
from signatures import counts
from signatures.models import Signature
from signatures.person import middle_of_day


@dataclass(frozen=True)
class Numbers:
    then: int
    now: int
    # Of those then, how many do not count any more, for whatever reason.
    gone: int = 0
    # Whether all of those then are of a round that was closed since.
    is_new_round: bool = False

    @property
    def come(self) -> int:
        return self.now - self.then + self.gone


def numbers_of(delivery: Delivery) -> Numbers:
    then = int(delivery.totals.get("signatures", 0))
    now = counts.signatures_of(delivery.petition)
    at = delivery.counted_at
    if at is None:
        return Numbers(then, now)
    if delivery.petition.rounds.filter(closed_at__gt=at).exists():
        return Numbers(then, now, is_new_round=True)
    # Of who is anonymized only the day is known.
    of_the_day = Q(anonymised_at__isnull=False, confirmed_at=middle_of_day(at))
    signed = Signature.objects.counted().filter(petition=delivery.petition)
    still = signed.filter(Q(confirmed_at__lte=at) | of_the_day).count()
    return Numbers(then, now, min(max(then - still, then - now, 0), then))
