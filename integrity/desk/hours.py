"""How many signatures came in each hour of the last days, and what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.db.models.functions import TruncHour
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, ngettext

from campaigns.models import Petition
from campaigns.pages.queries import named
from signatures.models import Signature, SignatureQuerySet

DAYS = 3
HOURS = DAYS * 24
# Of the drawing: a bar for each hour, as high as the highest hour.
WIDTH, HEIGHT = 6, 120
HIGHEST = 5
PETITIONS = 10

# What became of a signature, in the order in which a bar is built up.
KINDS = {
    "counted": gettext_lazy("counted"),
    "pending": gettext_lazy("pending"),
    "in_review": gettext_lazy("held for review"),
    "invalidated": gettext_lazy("invalidated"),
    "withdrawn": gettext_lazy("withdrawn"),
}


def kind_of(status: str, is_held: bool) -> str:
    status_is = Signature.Status
    if status in (status_is.PENDING, status_is.CONFIRMED) and is_held:
        return "in_review"
    return "counted" if status == status_is.CONFIRMED else status


@dataclass(frozen=True)
class Bar:
    """One part of an hour's, from the top of the drawing."""

    kind: str
    x: int
    y: float
    height: float


@dataclass
class Hour:
    at: datetime
    numbers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    @property
    def total(self) -> int:
        return sum(self.numbers.values())

    @property
    def until(self) -> datetime:
        return self.at + timedelta(hours=1)

    @property
    def query(self) -> str:
        """As the fields of the filter read it."""
        moments = {"since": self.at, "until": self.until}
        local = {name: timezone.localtime(each) for name, each in moments.items()}
        return urlencode({name: f"{each:%Y-%m-%dT%H:%M}" for name, each in local.items()})

    @property
    def parts(self) -> list[tuple[str, int]]:
        return [(str(KINDS[kind]), number) for kind, number in self.numbers.items() if number]


@dataclass(frozen=True)
class Spikes:
    hours: list[Hour]

    @property
    def total(self) -> int:
        return sum(hour.total for hour in self.hours)

    @property
    def highest(self) -> list[Hour]:
        """Those with the most, the highest first."""
        signed = [hour for hour in self.hours if hour.total]
        return sorted(signed, key=lambda hour: -hour.total)[:HIGHEST]

    @property
    def width(self) -> int:
        return WIDTH * len(self.hours)

    @property
    def bars(self) -> list[Bar]:
        top = max(1, *(hour.total for hour in self.hours))
        found = []
        for number, hour in enumerate(self.hours):
            y = float(HEIGHT)
            for kind, count in hour.numbers.items():
                if count:
                    height = count * HEIGHT / top
                    y -= height
                    found.append(Bar(kind, number * WIDTH, round(y, 1), round(height, 1)))
        return found

    @property
    def in_words(self) -> str:
        if not self.total:
            told = ngettext(
                "Nobody has signed in the last %(days)s day.",
                "Nobody has signed in the last %(days)s days.",
                DAYS,
            )
            return told % {"days": DAYS}
        hour = self.highest[0]
        told = ngettext(
            "Signatures sent in the last %(days)s day: %(total)s. In the highest hour, from "
            "%(hour)s, there were %(most)s.",
            "Signatures sent in the last %(days)s days: %(total)s. In the highest hour, from "
            "%(hour)s, there were %(most)s.",
            DAYS,
        )
        return told % {
            "days": DAYS,
            "total": self.total,
            "hour": date_format(timezone.localtime(hour.at), "DATETIME_FORMAT"),
            "most": hour.total,
        }


def spikes(rows: SignatureQuerySet, now: datetime) -> Spikes:
    first = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(
        hours=HOURS - 1
    )
    hours = [Hour(first + timedelta(hours=number)) for number in range(HOURS)]
    at = {hour.at: hour for hour in hours}
    found = (
        rows.filter(asked_at__gte=first)
        .order_by()
        .annotate(hour=TruncHour("asked_at", tzinfo=UTC), is_held=Q(held_at__isnull=False))
        .values_list("hour", "status", "is_held")
        .annotate(number=Count("*"))
    )
    for hour, status, is_held, number in found:
        if hour in at:
            at[hour].numbers[kind_of(status, is_held)] += number
    return Spikes(hours)


@dataclass(frozen=True)
class Busy:
    """A petition that many have signed within a day."""

    petition: Any
    name: str
    sent: int
    in_review: int


def busiest(now: datetime) -> list[Busy]:
    rows = (
        Signature.objects.filter(asked_at__gte=now - timedelta(days=1))
        .order_by()
        .values_list("petition")
        .annotate(sent=Count("*"), in_review=Count("held_at"))
        .order_by("-sent")[:PETITIONS]
    )
    found = list(rows)
    names = names_of(petition for petition, _sent, _held in found)
    return [Busy(petition, names[petition], sent, held) for petition, sent, held in found]


def names_of(petitions: Iterable[Any]) -> dict[Any, str]:
    return named(Petition.objects.filter(pk__in=set(petitions)).with_names())
