"""How ties stand, and which petitions came to what they demand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
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
from campaigns.records.freshness import Knowledge
from campaigns.records.petitions import PetitionEvent
from campaigns.records.standings import Step, step_of
from campaigns.records.ties import Tie, ended_on, newest_events, status_of

# What `outcome` needs of a row.
COLUMNS = ("begins_on", "tie_status", "ended_on", "won_on", "delivered_on", "replied_on")


# What `knowledge` needs.
KNOWN = ("tie_status", "status_date", "checked_at", "check_days", "won_on")


# Databases disagree about which is the least of a day and none.
NEVER = date.max

# What `Step` needs besides, by the kinds of events.
STEPS = {
    "contacted_on": PetitionEvent.Kind.CONTACTED,
    "delivered_on": PetitionEvent.Kind.DELIVERED,
    "replied_on": PetitionEvent.Kind.REPLIED,
    "hearing_on": PetitionEvent.Kind.HEARING,
}


@dataclass(frozen=True)
class OutcomeCounts:
    """How many cities met the demand, in how many the tie had ended before, how many stand how."""

    met: int
    before: int
    statuses: Mapping[Tie.Status, int]

    @property
    def standings(self) -> list[tuple[Tie.Status, int]]:
        return [(status, self.statuses[status]) for status in Tie.Status if self.statuses[status]]


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


def with_steps(pages: PageQuerySet) -> PageQuerySet:
    """Annotates `KNOWN` and the columns of `STEPS`."""
    kinds = PetitionEvent.Kind
    return with_knowledge(pages).annotate(
        contacted_on=first_day(kinds.CONTACTED), hearing_on=first_day(kinds.HEARING)
    )


def step(row: Mapping[str, Any]) -> Step:
    happened = {kind for column, kind in STEPS.items() if row[column]}
    return step_of(knowledge(row).told_status, happened)


def told_by(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def with_knowledge(pages: PageQuerySet) -> PageQuerySet:
    """Annotates `KNOWN` too."""
    newest = newest_events(OuterRef("petition__tie")).values("date")[:1]
    return with_outcome(pages).annotate(
        status_date=Subquery(newest),
        checked_at=F("petition__tie__checked_at"),
        check_days=F("petition__parent__check_days"),
    )


def knowledge(row: Mapping[str, Any]) -> Knowledge:
    """`Petition.known` of a row with its columns."""
    status, reported_on, checked_at, days, won_on = (row[name] for name in KNOWN)
    return Knowledge(Tie.Status(status), reported_on, checked_at, days, won_on=won_on)


def count_outcomes(pages: PageQuerySet) -> OutcomeCounts:
    rows = list(with_knowledge(pages).order_by().values("is_won", "came_before", *KNOWN))
    return OutcomeCounts(
        met=sum(row["is_won"] for row in rows),
        before=sum(row["came_before"] for row in rows),
        statuses=Counter(knowledge(row).told_status for row in rows),
    )


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
