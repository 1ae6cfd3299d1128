"""Blocks as pages show them. What many pages show alike, each process renders once.

So it is with most blocks of a campaign, which all its cities' pages repeat. They are known by all
that they are rendered from, so that nothing has to be forgotten when a page is edited.
"""

import json
from collections.abc import Hashable
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language
from wagtail.blocks import Block, StreamValue
from wagtail.models import Page

from campaigns.blocks.pointed import times_forgotten

MOST_KEPT = 2_000
# Rendered from nothing but their own words and pictures, as long as they link to no page.
ALIKE = ("reason", "evidence", "quote", "text", "questions", "sources", "picture")
# In the address of a picture whose file cannot be read just now.
UNREADABLE = "not-found"

_html: dict[Hashable, str] = {}


class ShownBlock:
    """A block in its place in a stream, of which no more is read until somebody asks for it."""

    def __init__(self, stream: StreamValue, number: int) -> None:
        self.stream, self.number = stream, number
        raw = stream.raw_data[number]
        self.block_type: str = raw["type"]
        self.id: str = raw.get("id") or ""
        # Whoever has read it may have changed it.
        self.stored = raw["value"] if stream._bound_blocks[number] is None else None

    @property
    def bound(self) -> StreamValue.StreamChild:
        return self.stream[self.number]

    @property
    def block(self) -> Block:
        return self.bound.block

    @property
    def value(self) -> object:
        return self.bound.value

    @cached_property
    def city(self) -> int | None:
        """The id of the one that evidence is about."""
        if self.block_type != "evidence":
            return None
        if self.stored is not None:
            city: int | None = self.stored.get("city")
            return city
        about = self.bound.value["city"]
        return about and about.pk

    def render_as_block(self, context: dict[str, Any]) -> str:
        key = self._looks(context.get("page"))
        if key is None:
            return self._rendered(context)
        html = _html.get(key)
        if html is None:
            html = self._rendered(context)
            if len(_html) >= MOST_KEPT:
                _html.clear()
            if UNREADABLE not in html:
                _html[key] = html
        return html

    def _rendered(self, context: dict[str, Any]) -> str:
        html: str = self.bound.render_as_block(context)
        return html

    def _looks(self, page: Page | None) -> Hashable:
        """All that it is rendered from; None where that is more than its own words."""
        stored = self.stored
        if stored is None or self.block_type not in ALIKE:
            return None
        text = json.dumps(stored)
        if "linktype" in text:
            return None
        # Below its campaign each claim has an address.
        campaign = getattr(page, "campaign", None) if self.block_type == "evidence" else None
        address = campaign.url if campaign and campaign.pk else None
        looks = (get_language(), self.block_type, self.id, address, text)
        return (*looks, times_forgotten()) if shows_picture(stored) else looks


def shows_picture(stored: object) -> bool:
    """A picture stands alone, or beside how it is described."""
    if not isinstance(stored, dict):
        return False
    found = (stored.get("image"), stored.get("portrait"))
    return any(each.get("image") if isinstance(each, dict) else each for each in found)


def shown(stream: StreamValue) -> list[ShownBlock]:
    return [ShownBlock(stream, number) for number in range(len(stream))]
