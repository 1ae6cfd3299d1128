"""The numbers of many petitions at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
)
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Locale

from campaigns.models import Petition
from campaigns.pages.queries import named, source_pages_of
from campaigns.records.petitions import PetitionQuerySet
from signatures.counts import number_of, signatures_total
from signatures.models import Signature
from signatures.tallies import totals
from translation_desk.status import LocaleStatus, statuses

SPARK_DAYS = 28
CLOSING_WITHIN = timedelta(days=7)
WIDTH, HEIGHT = 84, 20


@dataclass(frozen=True)
class Sparkline:
    """Confirmed signatures of the last days, the oldest first, as points of a drawn line."""

    days: list[int]

    @property
    def points(self) -> str:
        top = max([*self.days, 1])
        step = WIDTH / (len(self.days) - 1)
        return " ".join(
            f"{number * step:.1f},{HEIGHT - 1 - day * (HEIGHT - 2) / top:.1f}"
            for number, day in enumerate(self.days)
        )

    @property
    def words(self) -> str:
        told = ngettext(
            "Signatures of the last %(days)s day: %(numbers)s",
            "Signatures of the last %(days)s days: %(numbers)s",
            len(self.days),
        )
        numbers = ", ".join(str(day) for day in self.days)
        return told % {"days": len(self.days), "numbers": numbers}


def day_start(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def with_numbers(petitions: PetitionQuerySet, now: datetime | None = None) -> PetitionQuerySet:
    """Annotates what the list shows and is sorted and filtered by."""
    now = now or timezone.now()
    confirmed, counting = Signature.Status.CONFIRMED, {"held_at": None, "round": None}
    return petitions.with_state(now).annotate(
        confirmed=signatures_total(),
        pending=number_of(Signature.Status.PENDING),
        today=number_of(confirmed, **counting, confirmed_at__gte=day_start(now)),
        week=number_of(confirmed, **counting, confirmed_at__gte=day_start(now) - timedelta(days=6)),
    )


def closing_soon(petitions: PetitionQuerySet) -> PetitionQuerySet:
    now = timezone.now()
    return petitions.filter(closes_at__range=(now, now + CLOSING_WITHIN))


def sparklines(petitions: Iterable[Any]) -> dict[Any, Sparkline]:
    """By petition id."""
    first = day_start(timezone.now()) - timedelta(days=SPARK_DAYS - 1)
    rows = (
        Signature.objects.counted()
        .filter(petition__in=list(petitions), confirmed_at__gte=first)
        .order_by()
        .values_list("petition", TruncDate("confirmed_at"))
        .annotate(day_count=Count("*"))
    )
    counts: dict[Any, dict[date, int]] = defaultdict(dict)
    for petition, day, count in rows:
        counts[petition][day] = count
    days = [(first + timedelta(days=number)).date() for number in range(SPARK_DAYS)]
    return {
        petition: Sparkline([counts[petition].get(day, 0) for day in days])
        for petition in petitions
    }


def decorate(petitions: list[Petition]) -> list[Petition]:
    """Adds what only the rows shown need: names, pages, languages and sparklines."""
    lines = sparklines([petition.pk for petition in petitions])
    pages = source_pages_of(petitions)
    names = named(petitions)
    locales = list(Locale.objects.order_by("language_code"))
    matrix = statuses(pages.values(), locales)
    counted = totals(petition.pk for petition in petitions)
    for petition in petitions:
        row: Any = petition
        row.page = pages.get(petition.pk)
        row.name = names[petition.pk]
        row.sparkline = lines[petition.pk]
        row.languages = matrix[row.page.pk] if row.page else {}
        row.languages_text = languages_text(row.languages)
        # Those of the one look, so that both are of the same moment.
        row.confirmed, row.people = counted[petition.pk]
        row.goal_now = petition.goal_at(counted[petition.pk].shown)
    return petitions


def languages_text(found: dict[str, LocaleStatus]) -> str:
    parts = []
    for code, cell in found.items():
        state = _("stale") if cell.stale_since else cell.state
        parts.append(f"{code}: {state}")
    return ", ".join(parts)
