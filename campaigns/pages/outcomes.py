"""Which petitions came to what they demand."""

from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from wagtail.query import PageQuerySet

from campaigns.records.petitions import Petition, PetitionEvent
from campaigns.records.ties import Tie, TieEvent, status_of


def with_outcome(pages: PageQuerySet) -> PageQuerySet:
    """Annotates city pages with `tie_status`, and with `is_won`: whether the demand is met.

    What ended before the petition began met no demand of it.
    """
    event = PetitionEvent.objects.filter(petition=OuterRef("petition"), kind=PetitionEvent.Kind.WON)
    ending = TieEvent.objects.filter(
        tie=OuterRef("petition__tie"), kind=TieEvent.Kind.ENDED, date__gte=OuterRef("begins_on")
    )
    is_won = Q(Exists(event)) | Q(Exists(ending), tie_status=Tie.Status.ENDED)
    pages = pages.annotate(tie_status=status_of(OuterRef("petition__tie")), begins_on=begins_on())
    return pages.annotate(is_won=ExpressionWrapper(is_won, output_field=BooleanField()))


def begins_on() -> Case:
    """`Petition.begins_on` as an expression of the database."""
    moment = Coalesce("petition__opens_at", "petition__created_at")
    names = Petition.objects.order_by().values_list("time_zone", flat=True).distinct()
    return Case(
        *(
            When(petition__time_zone=name, then=TruncDate(moment, tzinfo=ZoneInfo(name)))
            for name in names
        ),
        output_field=DateField(),
    )
