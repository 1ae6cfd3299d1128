"""The numbers of many petitions at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from campaigns.matrix import Cell, cells
from campaigns.models import CampaignPage, Petition, PetitionEvent, PetitionPage, Tie
from campaigns.models.petitions import opened_before
from campaigns.models.ties import status_of
from campaigns.periods import months_before
from signatures.models import Signature

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
        return _("Signatures of the last %(days)s days: %(numbers)s") % {
            "days": len(self.days),
            "numbers": ", ".join(str(day) for day in self.days),
        }


def day_start(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def number_of(status: Signature.Status, *narrower: Q, **conditions: Any) -> Coalesce:
    """How many signatures of a petition are in a status; a condition may narrow them."""
    rows = Signature.objects.filter(*narrower, petition=OuterRef("pk"), status=status, **conditions)
    counted = rows.order_by().values("petition").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def has_happened(kind: PetitionEvent.Kind) -> Exists:
    return Exists(PetitionEvent.objects.filter(petition=OuterRef("pk"), kind=kind))


def with_numbers(petitions: QuerySet[Petition], now: datetime | None = None) -> Any:
    """Annotates what the list shows and is sorted and filtered by."""
    now = now or timezone.now()
    confirmed = Signature.Status.CONFIRMED
    closed = (
        Q(closes_at__lte=now)
        | opened_before(months_before(now, Petition.MONTHS_OPEN))
        | Q(has_happened(PetitionEvent.Kind.CLOSED))
    )
    return petitions.annotate(
        confirmed=number_of(confirmed),
        pending=number_of(Signature.Status.PENDING),
        today=number_of(confirmed, confirmed_at__gte=day_start(now)),
        week=number_of(confirmed, confirmed_at__gte=day_start(now) - timedelta(days=6)),
        tie_status=status_of(OuterRef("tie_id")),
        state_now=Case(
            When(has_happened(PetitionEvent.Kind.WON), then=Value(Petition.State.WON)),
            When(tie_status=Tie.Status.ENDED, then=Value(Petition.State.ENDED)),
            When(closed, then=Value(Petition.State.CLOSED)),
            When(is_paused=True, then=Value(Petition.State.PAUSED)),
            When(opens_at__gt=now, then=Value(Petition.State.NOT_YET_OPEN)),
            default=Value(Petition.State.OPEN),
        ),
    )


def closing_soon(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    now = timezone.now()
    return petitions.filter(closes_at__range=(now, now + CLOSING_WITHIN))


def sparklines(petitions: Iterable[Any]) -> dict[Any, Sparkline]:
    """By petition id."""
    first = day_start(timezone.now()) - timedelta(days=SPARK_DAYS - 1)
    rows = (
        Signature.objects.confirmed()
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


def source_pages_of(petitions: list[Petition]) -> dict[Any, Page]:
    """The pages in the source language, by petition id."""
    return _pages_in([Locale.get_default().language_code], petitions)


def pages_of(petitions: list[Petition]) -> dict[Any, Page]:
    """The pages in the language of whoever asks, else in the source language, by petition id."""
    return _pages_in([Locale.get_default().language_code, get_language() or ""], petitions)


def _pages_in(languages: list[str], petitions: list[Petition]) -> dict[Any, Page]:
    """The last of the languages in which there is a page counts."""
    found: dict[Any, Page] = {}
    for model in (CampaignPage, PetitionPage):
        pages = model.objects.filter(
            petition__in=petitions, locale__language_code__in=languages
        ).select_related("locale")
        for page in sorted(pages, key=lambda page: languages.index(page.locale.language_code)):
            found[page.petition_id] = page
    return found


def decorate(petitions: list[Petition]) -> list[Petition]:
    """Adds what only the rows shown need: names, pages, languages and sparklines."""
    lines = sparklines([petition.pk for petition in petitions])
    pages = source_pages_of(petitions)
    titled = pages_of([petition for petition in petitions if petition.tie_id is None])
    locales = list(Locale.objects.order_by("language_code"))
    matrix = cells(pages.values(), locales)
    language = get_language() or ""
    for petition in petitions:
        row: Any = petition
        row.page = pages.get(petition.pk)
        row.name = name_of(petition, titled.get(petition.pk), language)
        row.sparkline = lines[petition.pk]
        row.languages = matrix[row.page.pk] if row.page else {}
        row.languages_text = languages_text(row.languages)
        row.goal_now = petition.goal_at(row.confirmed)
    return petitions


def back_to(data: QueryDict) -> str:
    """The address of the list as it was left: its filters, its page, and what was ticked."""
    query = QueryDict(data.get("query", ""), mutable=True)
    if "all" in data or "was_all" in data:
        query["all"] = "on"
    else:
        query.setlist("petition", data.getlist("petition"))
    return f"{reverse('petition_list')}?{query.urlencode()}"


def name_of(petition: Petition, page: Page | None, language: str) -> str:
    if petition.tie is None:
        return page.title if page else str(petition)
    names = [city.name_in(language) for city in (petition.tie.city, petition.tie.sister_city)]
    return f"{names[0]} – {names[1].name}"


def languages_text(found: dict[str, Cell]) -> str:
    parts = []
    for code, cell in found.items():
        state = _("stale") if cell.stale_since else cell.state
        parts.append(f"{code}: {state}")
    return ", ".join(parts)
