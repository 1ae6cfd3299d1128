"""Which petitions came to what they demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Least
from django.db.models.sql.compiler import SQLCompiler
from wagtail.query import PageQuerySet

from campaigns.records.endings import Outcome, outcome_of
from campaigns.records.petitions import PetitionEvent
from campaigns.records.ties import Tie, ended_on, status_of

# What `outcome` needs of a row.
COLUMNS = ("begins_on", "tie_status", "ended_on", "won_on", "delivered_on", "replied_on")


# Databases disagree about which is the least of a day and none.
NEVER = date.max


@dataclass(frozen=True)
class OutcomeCounts:
    """How many cities met the demand, and in how many the tie had ended before."""

    met: int
    before: int


def with_outcome(pages: PageQuerySet) -> PageQuerySet:
    """Annotates city pages with `COLUMNS`, `is_won` and `came_before`, as an `Outcome` has them."""
    kinds = PetitionEvent.Kind
    pages = pages.annotate(
        tie_status=status_of(OuterRef("petition__tie")),
        begins_on=Coalesce(first_day(kinds.LAUNCHED), opens_on()),
        ended_on=ended_on(OuterRef("petition__tie")),
        won_on=first_day(kinds.WON),
        delivered_on=first_day(kinds.DELIVERED),
        replied_on=first_day(kinds.REPLIED),
    )
    never = Value(NEVER, output_field=DateField())
    acted_on = Least(Coalesce("ended_on", never), Coalesce("won_on", never))
    pages = pages.annotate(acted_on=acted_on)
    return pages.annotate(
        came_before=told_by(Q(acted_on__lt=F("begins_on"))),
        is_won=told_by(Q(acted_on__gte=F("begins_on"), acted_on__lt=NEVER)),
    )


def told_by(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def count_outcomes(pages: PageQuerySet) -> OutcomeCounts:
    met, before = (Count("pk", filter=Q(**{name: True})) for name in ("is_won", "came_before"))
    return OutcomeCounts(**with_outcome(pages).aggregate(met=met, before=before))


def outcome(row: Mapping[str, Any]) -> Outcome | None:
    """`Petition.outcome` of a row with its columns."""
    began_on, status, *days = (row[name] for name in COLUMNS)
    return outcome_of(began_on, status == Tie.Status.ENDED, *days)


def first_day(kind: PetitionEvent.Kind) -> Subquery:
    events = PetitionEvent.objects.filter(petition=OuterRef("petition"), kind=kind)
    return Subquery(events.order_by("date").values("date")[:1])


class LocalDate(Func):
    """The day of a moment in the time zone that the same row names."""

    output_field = DateField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Sequence[Any]]:
        joined = {"template": "(%(expressions)s)::date", "arg_joiner": " AT TIME ZONE "}
        return self.as_sql(compiler, connection, **joined, **extra)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        # Django's own, for moments that are stored in UTC.
        template = "django_datetime_cast_date(%(expressions)s, 'UTC')"
        sql, values = self.as_sql(compiler, connection, template=template, **extra)
        return sql, tuple(values)


def opens_on() -> LocalDate:
    """The day, where each petition is, on which it opened or was made."""
    moment = Coalesce("petition__opens_at", "petition__created_at")
    return LocalDate(moment, F("petition__time_zone"))
