"""All evidence of all campaigns, read from the pages that hold it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Locale, Page
from wagtail.permissions import page_permission_policy

from accounts.models import User
from campaigns.models import CampaignPage, City, PetitionPage, SourceCheck


@dataclass(frozen=True)
class Claim:
    """An evidence block, and where it stands."""

    page: Page
    campaign: Page
    block_id: str
    heading: str
    when: str
    city: str
    city_id: int | None
    sources: list[dict[str, str]]
    corrections: int
    review_on: datetime.date | None
    dead: list[str] = field(default_factory=list)

    @property
    def is_overdue(self) -> bool:
        return bool(self.review_on and self.review_on <= timezone.localdate())

    @property
    def is_unsourced(self) -> bool:
        return not self.sources

    @property
    def page_title(self) -> str:
        return self.page.title

    @property
    def source_count(self) -> int:
        return len(self.sources)

    @property
    def dead_text(self) -> str:
        return " ".join(self.dead)


def claims_for(user: User, locale: Locale | None = None) -> list[Claim]:
    """The evidence on pages that a user may change, in one language, the source's by default."""
    locale = locale or Locale.get_default()
    campaigns, cities = (
        list(model.objects.filter(locale=locale, pk__in=own_pages(user)).order_by("path"))
        for model in (CampaignPage, PetitionPage)
    )
    by_path = {page.path: page for page in campaigns}
    pages: list[Any] = [*campaigns, *cities]
    found = [
        (page, by_path.get(page.path[: -Page.steplen], page), block)
        for page in pages
        for block in evidence_of(page)
    ]
    names = city_names({block["value"].get("city") for _page, _campaign, block in found})
    dead = set(SourceCheck.objects.filter(is_dead=True).values_list("address", flat=True))
    return [claim_of(page, campaign, block, names, dead) for page, campaign, block in found]


def own_pages(user: User) -> QuerySet[Page, dict[str, Any]]:
    pages = page_permission_policy.instances_user_has_permission_for(user, "change")
    return pages.values("pk")


def reviews_due(user: User) -> int:
    """How many claims of the source language are to be looked at again by now.

    The admin's home asks for it at every view, so that pages without such a day are left out by
    the database.
    """
    today = timezone.localdate().isoformat()
    due = 0
    for model in (CampaignPage, PetitionPage):
        pages = model.objects.filter(locale=Locale.get_default(), pk__in=own_pages(user))
        dated = pages.annotate(stored=Cast("body", TextField())).filter(
            stored__contains='"review_on": "'
        )
        for page in dated:
            days = [str(block["value"].get("review_on") or "") for block in evidence_of(page)]
            due += sum("" < day[:10] <= today for day in days)
    return due


def evidence_of(page: Page) -> list[dict[str, Any]]:
    """As it is stored."""
    return [block for block in page.body.raw_data if block["type"] == "evidence"]


def city_names(ids: Iterable[int | None]) -> dict[int, str]:
    cities = City.objects.filter(pk__in=[pk for pk in ids if pk]).prefetch_related("names__locale")
    return {city.pk: str(city.name_in(get_language() or "")) for city in cities}


def claim_of(
    page: Page, campaign: Page, block: dict[str, Any], names: dict[int, str], dead: set[str]
) -> Claim:
    value = block["value"]
    sources = stream_items(value.get("sources"))
    city_id = value.get("city")
    review_on = value.get("review_on")
    return Claim(
        page=page,
        campaign=campaign,
        block_id=block.get("id", ""),
        heading=value.get("heading", ""),
        when=value.get("when", ""),
        city=names.get(city_id, "") if city_id else "",
        city_id=city_id,
        sources=sources,
        corrections=len(stream_items(value.get("corrections"))),
        review_on=datetime.date.fromisoformat(str(review_on)[:10]) if review_on else None,
        dead=[source["address"] for source in sources if source.get("address") in dead],
    )


def stream_items(stored: list[Any] | None) -> list[Any]:
    """The values of a list block as it is stored, with or without ids."""
    return [
        item["value"] if isinstance(item, dict) and "value" in item else item
        for item in stored or []
    ]
