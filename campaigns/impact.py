"""Which city pages a change of their campaign's page touches, before it is published."""

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import BoundBlock
from wagtail.models import Page

from campaigns.models import CampaignPage, PetitionPage
from campaigns.pages.sign_form import FormMixin
from security.printable import Json

# The campaign's texts that city pages show, each with the city's own text that replaces it.
TEXTS = {
    # They lead back to the campaign by its title.
    "title": "",
    "starter": "",
    "consent_text": "",
    "ask": "",
    "city_heading": "own_heading",
    "city_lead": "",
    "city_ask": "own_ask",
    "city_recipient": "",
    "city_share": "own_share_text",
    "city_words": "",
    # The form is the same for every city.
    **{field.name: "" for field in FormMixin._meta.get_fields()},
}
# What is said of some cities only, by how their ties and petitions stand.
SAID_OF_SOME = ("ask", "city_words")
SAID = ("heading", "demand", "summary", "description", "share_words")
# What a block stores and no visitor sees.
UNSEEN = ("id", "review_on")
# Wagtail's editor of rich text gives each paragraph a key.
RICH_TEXT_KEY = re.compile(r' data-block-key="[^"]*"')


class How(models.TextChoices):
    ADDED = "added", gettext_lazy("added")
    CHANGED = "changed", gettext_lazy("changed")
    MOVED = "moved", gettext_lazy("moved")
    REMOVED = "removed", gettext_lazy("removed")


@dataclass(frozen=True)
class ContentChange:
    """One changed item. A page is unaffected where it hides it, or has its own words."""

    kind: str
    words: str
    how: How
    affected: list[PetitionPage]
    unaffected: list[PetitionPage]


class Impact:
    """What the newest draft of a campaign's page changes on its city pages."""

    def __init__(self, page: CampaignPage) -> None:
        self.page = page
        self.revision = page.latest_revision_id
        self.changes = content_changes(page, page.get_latest_revision_as_object())
        self.affected = affected_pages(self.changes)
        self.total = len(page.city_pages())


def affects_cities(page: Page) -> bool:
    """Whether publishing a page's newest draft would change pages of cities."""
    live = CampaignPage.objects.filter(pk=page.pk, live=True).first()
    return live is not None and bool(Impact(live).affected)


def content_changes(live: CampaignPage, draft: CampaignPage) -> list[ContentChange]:
    """What city pages show differently once the draft is live."""
    pages = live.city_pages()
    return [*changes_in_body(live, draft, pages), *changes_in_texts(live, draft, pages)]


def affected_pages(found: Iterable[ContentChange]) -> list[PetitionPage]:
    """The city pages of all changes, each once."""
    return list({page.pk: page for change in found for page in change.affected}.values())


def changes_in_body(
    live: CampaignPage, draft: CampaignPage, pages: list[PetitionPage]
) -> list[ContentChange]:
    before = {block.id: block for block in live.body}
    after = {block.id: block for block in draft.body}
    moved = moved_ids(list(before), list(after))
    found = []
    for block_id in [*after, *(each for each in before if each not in after)]:
        old, new = before.get(block_id), after.get(block_id)
        how = how_changed(old, new, block_id in moved)
        if how is None:
            continue
        versions = [block for block in (old, new) if block]
        concerned = [page for page in pages if any(map(page.concerns, versions))]
        hiding = [page for page in concerned if block_id in page.petition.hidden_blocks]
        affected = [page for page in concerned if page not in hiding]
        shown = versions[-1]
        found.append(ContentChange(str(shown.block.label), words_of(shown), how, affected, hiding))
    return found


def how_changed(old: BoundBlock | None, new: BoundBlock | None, is_moved: bool) -> How | None:
    if old is None:
        return How.ADDED
    if new is None:
        return How.REMOVED
    if seen(old.get_prep_value()) != seen(new.get_prep_value()):
        return How.CHANGED
    return How.MOVED if is_moved else None


def moved_ids(before: list[str], after: list[str]) -> set[str]:
    """The blocks that no longer stand in the same order among those that stayed."""
    old = [each for each in before if each in after]
    new = [each for each in after if each in before]
    matches = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept = {each for match in matches for each in old[match.a : match.a + match.size]}
    return set(new) - kept


def seen(stored: Json) -> Json:
    """A stored value without what nobody sees, and as the editor's form would store it."""
    if isinstance(stored, dict):
        kept = {name: seen(value) for name, value in stored.items() if name not in UNSEEN}
        # The form stores what is left empty; a file need not.
        return {name: value for name, value in kept.items() if value}
    if isinstance(stored, list):
        return [seen(value) for value in stored]
    if isinstance(stored, str):
        return RICH_TEXT_KEY.sub("", stored.replace("\r\n", "\n"))
    return stored


def words_of(block: BoundBlock) -> str:
    """What an editor recognises a block by: its heading, its caption or its first words."""
    value = block.value
    for name in ("heading", "words", "caption"):
        if hasattr(value, "get") and value.get(name):
            return str(value[name])
    texts = block.block.get_searchable_content(value) if value else []
    return Truncator(texts[0]).chars(100) if texts else ""


def changes_in_texts(
    live: CampaignPage, draft: CampaignPage, pages: list[PetitionPage]
) -> list[ContentChange]:
    found = []
    for name, own in TEXTS.items():
        field: Any = CampaignPage._meta.get_field(name)
        old, new = (seen(field.get_prep_value(getattr(page, name))) for page in (live, draft))
        if old == new:
            continue
        with_own = [page for page in pages if own and getattr(page, own)]
        affected = [page for page in pages if page not in with_own]
        if name in SAID_OF_SOME:
            affected = [page for page in pages if says_otherwise(page, live, draft, name)]
            if not affected:
                continue
        kind = _("Pattern for city pages") if name.startswith("city_") else _("Text")
        found.append(ContentChange(kind, str(field.verbose_name), How.CHANGED, affected, with_own))
    return found


def says_otherwise(page: PetitionPage, live: CampaignPage, draft: CampaignPage, name: str) -> bool:
    """Whether a city's page speaks differently by one of the draft's texts."""
    changed = copy(live)
    setattr(changed, name, getattr(draft, name))
    told = []
    for page.campaign in (changed, live):
        told.append([getattr(page, each) for each in SAID])
    return told[0] != told[1]
