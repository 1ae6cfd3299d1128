"""The pages of many petitions, in few queries."""

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects
from wagtail.query import PageQuerySet

from campaigns.pages.petition_base import PetitionPageBase
from campaigns.pages.petition_pages import CampaignPage, PetitionPage
from campaigns.records.petitions import CAMPAIGN_IS_LIVE, Petition
from campaigns.records.recipients import named_mayors
from campaigns.records.visibility import is_public

LONG = ("body", "extra_questions")


def live_pages_of(petitions: Iterable[Petition]) -> list[PetitionPageBase]:
    """Those that every visitor can see, each with its petition and its campaign at hand."""
    rows = {petition.pk: petition for petition in petitions}
    cities = _seen(PetitionPage, rows).filter(CAMPAIGN_IS_LIVE)
    above = {page.path[: -page.steplen] for page in cities}
    # Its cities' words are in one of its streams.
    found = CampaignPage.objects.filter(path__in=above).defer(*LONG)
    campaigns = {page.path: page for page in found.select_related("locale")}
    for page in cities:
        page.campaign = campaigns[page.path[: -page.steplen]]
    pages = [*_seen(CampaignPage, rows), *cities]
    for page in pages:
        page.petition = rows[page.petition_id]
    named = [page.tie for page in cities if page.campaign.names_mayors]
    prefetch_related_objects(named, named_mayors("city"))
    return pages


def _seen(model: type[PetitionPageBase], petitions: Iterable[Any]) -> PageQuerySet:
    seen: Any = {"live": True, "petition__in": list(petitions)}
    pages = model.objects.filter(is_public(), **seen)
    return pages.defer(*(name for name in LONG if hasattr(model, name))).select_related("locale")
