"""What pages show of signatures. Page templates know nothing else about people."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django_countries import countries

from campaigns.models import Petition, PetitionPage
from campaigns.pages.tracker import sorted_pages
from signatures import counts as counting
from signatures.models import Signature
from signatures.views.sign import form_for
from translations.dates import zones

register = template.Library()


@dataclass(frozen=True)
class Progress:
    count: int
    goal: int
    # Whether there is still a goal to get to.
    is_going_on: bool = True

    @property
    def percent(self) -> int:
        return min(100, self.count * 100 // self.goal)

    @property
    def is_reached(self) -> bool:
        return self.count >= self.goal


@dataclass(frozen=True)
class Shown:
    """What a signer let be shown, and a moderator released."""

    name: str
    country: str
    # By the calendar of the petition's own time zone.
    day: date
    # In which they signed, and wrote.
    language: str
    text: str = ""


def shown(petition: Petition, row: Signature, text: str = "") -> Shown:
    # Nobody is shown who has not confirmed.
    day = petition.local_time(row.confirmed_at or row.asked_at).date()
    return Shown(row.name, countries.name(row.country), day, row.language, text)


@register.simple_tag
def signature_count(petition: Petition) -> int:
    return counting.count_on_page(petition)


@register.simple_tag
def progress(petition: Petition) -> Progress:
    count = counting.count_on_page(petition)
    is_over = petition.state() in Petition.OVER
    return Progress(count, petition.goal_at(count), not is_over)


@register.simple_tag
def counts(pages: list[PetitionPage]) -> dict[Any, int]:
    return counting.signatures_by_petition(page.petition_id for page in pages)


@register.simple_tag
def count_of(counts: dict[Any, int], petition_id: UUID) -> int:
    return counts.get(petition_id, 0)


@register.simple_tag
def tracker_rows(pages: list[PetitionPage], sort: str, counts: dict[Any, int]) -> list[Any]:
    return sorted_pages(pages, sort, counts, get_language() or "")


@register.simple_tag
def newest_signers(petition: Petition, limit: int = 10) -> list[Shown]:
    rows = Signature.objects.with_public_name().filter(petition=petition)
    newest = rows.order_by("-confirmed_at", "id")[:limit]
    return [shown(petition, row) for row in newest]


@register.simple_tag
def newest_comments(petition: Petition, limit: int = 5) -> list[Shown]:
    rows = Signature.objects.with_public_comment().filter(petition=petition)
    newest = rows.order_by("-confirmed_at", "id")[:limit]
    return [shown(petition, row, row.comment) for row in newest]


@dataclass(frozen=True)
class Moment:
    """In words, since a template's `date` would turn it back into the site's time zone."""

    day: str
    time: str
    zone: str


def moment(petition: Petition, when: datetime | None) -> Moment | None:
    """By the clock of the petition's own time zone."""
    if when is None:
        return None
    local = petition.local_time(when)
    day, time = date_format(local, "DATE_FORMAT"), date_format(local, "TIME_FORMAT")
    return Moment(day, time, zones.zone_name(local))


@register.inclusion_tag("signatures/form.html", takes_context=True)
def sign_form(context: Context) -> dict[str, Any]:
    page = context["page"]
    petition = page.petition
    state = petition.state()
    has_closed = petition.closes_at and petition.closes_at <= timezone.now()
    return {
        "page": page,
        "petition": petition,
        "state": state,
        "has_closed": has_closed,
        "form": context.get("sign_form") or form_for(page),
        "opens": moment(petition, petition.opens_at),
        "closes": moment(petition, petition.closes_at),
    }
