"""How long the person stays in a signature. The reasons are in docs/decisions/keeping-signers.md"""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone

from campaigns.models import Petition, PetitionEvent, Tie, TieEvent
from campaigns.models.petitions import opened_before
from campaigns.models.ties import status_of
from campaigns.periods import months_before
from signatures.models import Signature, SignatureQuerySet

AFTER_DELIVERY = 1
AFTER_CLOSE = 6
AFTER_OPENING = Petition.MONTHS_OPEN


def due(now: datetime) -> SignatureQuerySet:
    """The signatures from which the person is to be taken, in one query."""
    delivered = _delivered(months_before(now, AFTER_DELIVERY))
    # Who sent it anew after a delivery is known until the next.
    signed = TruncDate(Greatest(Coalesce("confirmed_at", "asked_at"), "asked_at"))
    handed_over = delivered.filter(petition=OuterRef("petition"), date__gte=OuterRef("signed_on"))
    is_over = Petition.objects.filter(
        closed_before(months_before(now, AFTER_CLOSE))
        | opened_before(months_before(now, AFTER_OPENING))
    )
    return Signature.objects.annotate(signed_on=signed).filter(
        Q(petition__in=is_over.values("pk"))
        | Q(Exists(handed_over), petition__in=delivered.values("petition")),
        anonymised_at=None,
    )


def _delivered(moment: datetime) -> Any:
    return PetitionEvent.objects.filter(
        kind=PetitionEvent.Kind.DELIVERED, date__lte=_day_of(moment)
    )


def closed_before(moment: datetime) -> Q:
    """Petitions that closed by then, in any of the ways that `Petition.state` knows."""
    kinds = (PetitionEvent.Kind.CLOSED, PetitionEvent.Kind.WON)
    events = PetitionEvent.objects.filter(
        petition=OuterRef("pk"), kind__in=kinds, date__lte=_day_of(moment)
    )
    ended = Tie.objects.annotate(status_now=status_of(OuterRef("pk"))).filter(
        _ended_by(_day_of(moment)), pk=OuterRef("tie"), status_now=Tie.Status.ENDED
    )
    # Of an end without a date only the last signature before it is known.
    undated = Tie.objects.annotate(status_now=status_of(OuterRef("pk"))).filter(
        ~Exists(TieEvent.objects.filter(tie=OuterRef("pk"), date__isnull=False)),
        pk=OuterRef("tie"),
        status_now=Tie.Status.ENDED,
    )
    later = Signature.objects.filter(petition=OuterRef("pk"), asked_at__gt=moment)
    return (
        Q(closes_at__lte=moment)
        | Q(Exists(events))
        | Q(Exists(ended))
        | Q(Exists(undated)) & ~Q(Exists(later))
    )


def _ended_by(day: date) -> Exists:
    """That a tie ended by a day, and nothing dated later says otherwise."""
    revived = TieEvent.objects.exclude(kind=TieEvent.Kind.ENDED).filter(
        tie=OuterRef("tie"), date__gt=OuterRef("date")
    )
    return Exists(
        TieEvent.objects.filter(
            ~Exists(revived), tie=OuterRef("pk"), kind=TieEvent.Kind.ENDED, date__lte=day
        )
    )


def _day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()
