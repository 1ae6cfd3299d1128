"""Every source that is named anywhere: by evidence, answers and texts, and by events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from wagtail.models import Locale, get_page_models
from wagtail.query import PageQuerySet

from accounts.models import User
from campaigns.evidence.ledger import own_pages, stream_items
from campaigns.models import PetitionEvent, TieEvent
from campaigns.pages.claims import with_stored_body
from campaigns.permissions import petition_event_policy, tie_event_policy

EVENTS: tuple[Any, ...] = (TieEvent, PetitionEvent)


@dataclass(frozen=True)
class NamedSource:
    """A source of something else than evidence, and where it is changed."""

    place: str
    edit: str
    title: str
    address: str


def sources_in(stored: object) -> Iterator[dict[str, Any]]:
    """Of blocks as they are stored, however deep."""
    if isinstance(stored, list):
        for each in stored:
            yield from sources_in(each)
    elif isinstance(stored, dict):
        yield from stream_items(stored.get("sources"))
        for name, each in stored.items():
            if name != "sources":
                yield from sources_in(each)


def pages_with_sources() -> Iterator[PageQuerySet]:
    """Of each kind, with their blocks as text, where any of these may name a source."""
    for model in get_page_models():
        if hasattr(model, "body"):
            pages = with_stored_body(model.objects.order_by("path"))
            yield pages.filter(stored__contains='"sources"')


def addresses() -> set[str]:
    """Every address that a source names."""
    found: set[str] = set()
    for pages in pages_with_sources():
        for stored in pages.values_list("stored", flat=True):
            found |= {source.get("address") or "" for source in sources_in(json.loads(stored))}
    for model in EVENTS:
        found |= set(model.objects.values_list("source_url", flat=True))
    return found - {""}


def beside_evidence(user: User, wanted: set[str]) -> list[NamedSource]:
    """The sources with one of some addresses, of a user's events, answers and news."""
    return [*of_events(user, wanted), *of_pages(user, wanted)] if wanted else []


def of_events(user: User, wanted: set[str]) -> Iterator[NamedSource]:
    policies = (tie_event_policy, petition_event_policy)
    owners = ("tie", "petition__tie")
    for policy, tie in zip(policies, owners, strict=True):
        events: Any = policy.own(user).filter(source_url__in=wanted)
        model = policy.model._meta.model_name
        for event in events.select_related(f"{tie}__city", f"{tie}__sister_city"):
            edit = reverse(f"wagtailsnippets_campaigns_{model}:edit", args=[event.pk])
            owner = event.tie if isinstance(event, TieEvent) else event.petition
            yield NamedSource(f"{owner}: {event}", edit, event.source_title, event.source_url)


def of_pages(user: User, wanted: set[str]) -> Iterator[NamedSource]:
    for pages in pages_with_sources():
        own = pages.filter(locale=Locale.get_default(), pk__in=own_pages(user))
        for pk, title, stored in own.values_list("pk", "title", "stored"):
            blocks = [block for block in json.loads(stored) if block["type"] != "evidence"]
            for source in sources_in(blocks):
                if source.get("address") in wanted:
                    edit = reverse("wagtailadmin_pages:edit", args=[pk])
                    yield NamedSource(title, edit, source["title"], source["address"])
