"""What blocks point at: pictures, cities and pages, fetched once however many blocks there are."""

import copy
import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from django.core.signals import request_finished
from django.db.models import Model
from django.utils.translation import get_language
from wagtail.blocks import ChooserBlock, PageChooserBlock
from wagtail.models import Page

MOST_KEPT = 2_000
LINK = re.compile(r'<a [^>]*linktype="page"[^>]*>')
LINKED = re.compile(r'\bid="([0-9]+)"')

# Pictures and cities change rarely: each process keeps them until their version moves.
_kept: dict[tuple[type[Model], Any], Any] = {}
# How often it has.
_times_forgotten = 0
# Pages change often: they are fetched for the page that is being rendered.
_pages: ContextVar[dict[int, Any] | None] = ContextVar("pages that blocks point at", default=None)


def forget() -> None:
    global _kept, _times_forgotten
    # What is being fetched just now goes into the old ones, and with them.
    _kept = {}
    _times_forgotten += 1


def times_forgotten() -> int:
    """As long as it is the same, so is what is kept."""
    return _times_forgotten


class KeptChoice(ChooserBlock):
    """Chooses what every process keeps. Each block gets a copy of its own to say more of."""

    prefetched: tuple[str, ...] = ()

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        model, keys, kept = self.model_class, list(values), _kept
        missing = {key for key in keys if key is not None and (model, key) not in kept}
        if missing:
            if len(kept) + len(missing) > MOST_KEPT:
                kept.clear()
                missing = {key for key in keys if key is not None}
            found = model.objects.prefetch_related(*self.prefetched).in_bulk(missing)
            # What is not there is asked for again.
            kept.update({(model, key): row for key, row in found.items()})
        return [own(kept.get((model, key))) for key in keys]


class OwnRows(list[Model]):
    """Copies that say more than what is kept, which hears of what is added to them."""

    def __init__(self, kept: list[Model], field: str, owner: Model) -> None:
        super().__init__(map(copy.copy, kept))
        self.kept = kept
        for row in self:
            setattr(row, field, owner)

    def append(self, row: Model) -> None:
        super().append(row)
        self.kept.append(row)


def own(kept: Model | None) -> Model | None:
    """A copy for one block, and of what was prefetched with it, which asks the copy for its words.

    A picture's sizes describe it by the picture that they belong to.
    """
    mine: Any = copy.copy(kept)
    if kept is not None:
        mine._prefetched_objects_cache = {}
        for name in getattr(kept, "_prefetched_objects_cache", {}):
            relation: Any = kept._meta.get_field(name)
            rows = getattr(mine, name).all()
            kept_rows = getattr(kept, name).all()._result_cache
            rows._result_cache = OwnRows(kept_rows, relation.field.name, mine)
            mine._prefetched_objects_cache[name] = rows
    found: Model | None = mine
    return found


class GatheredPageBlock(PageChooserBlock):
    """Chooses a page, which the page that is being rendered has fetched."""

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        keys = list(values)
        pages = gathered(key for key in keys if key is not None)
        if pages is not None:
            return [pages.get(key) for key in keys]
        found: list[Any] = super().bulk_to_python(keys)
        return found


def gather(streams: Iterable[Any]) -> None:
    """Fetches the pages that blocks point at, in one query, until the request is answered."""
    keys = linked(streams)
    pages: dict[int, Any] = {}
    if keys:
        same = Page.objects.filter(pk__in=keys).values("translation_key")
        rows = list(Page.objects.filter(translation_key__in=same).select_related("locale"))
        live = {(row.translation_key, row.locale.language_code): row for row in rows if row.live}
        for row in rows:
            row.spoken = live
            pages[row.pk] = row
        pages |= dict.fromkeys(keys - pages.keys())
    _pages.set(pages)


def linked(streams: Iterable[Any]) -> set[int]:
    """The ids of pages that blocks point at."""
    return {key for stream in streams for block in stream.raw_data for key in _pointed(block)}


def gathered(keys: Iterable[int]) -> dict[int, Any] | None:
    """Pages by their ids, without those that are no more; None where they were not fetched."""
    pages = _pages.get() or {}
    return pages if all(key in pages for key in keys) else None


def _pointed(block: object) -> Iterator[int]:
    if isinstance(block, dict):
        if isinstance(block.get("page"), int):
            yield block["page"]
        for each in block.values():
            yield from _pointed(each)
    elif isinstance(block, list):
        for each in block:
            yield from _pointed(each)
    elif isinstance(block, str):
        for link in LINK.findall(block):
            yield from map(int, LINKED.findall(link))


def address_of(page: Page | None) -> str:
    """In the reader's language, where the page is live in it."""
    if page is None:
        return ""
    spoken = getattr(page, "spoken", None)
    if spoken is None:
        return page.localized.url or ""
    return (spoken.get((page.translation_key, get_language())) or page).url or ""


def _release(**_kwargs: Any) -> None:
    _pages.set(None)


request_finished.connect(_release, dispatch_uid="pages that blocks point at")
