"""The pages on the way to an address and their translations, found in one query.

Wagtail asks for each page on the way twice, for what restricts them, whether all are live, and for
the translations of the last.
"""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from campaigns.records.petitions import is_public


class Found:
    """What is known of the pages on the way from a home page."""

    def __init__(self, home: Page, slugs: list[str]) -> None:
        on_the_way = Page.objects.descendant_of(home, inclusive=True).filter(
            slug__in=[home.slug, *slugs]
        )
        rows: Any = (
            Page.objects.filter(translation_key__in=on_the_way.values("translation_key"))
            .annotate(is_public=is_public())
            .select_related("locale")
            .order_by("path")
        )
        self.by_address: dict[str, Any] = {}
        self.live: dict[str, bool] = {}
        self.translations: dict[Any, list[Any]] = defaultdict(list)
        for row in rows:
            self.by_address[row.url_path] = row
            self.live[row.path] = row.live
            self.translations[row.translation_key].append(row)

    def is_live(self, page: Page) -> bool:
        """Whether it is, and all above it; a page that is no longer there is not."""
        way = [page.path[:end] for end in range(2 * page.steplen, len(page.path) + 1, page.steplen)]
        # Above a translation there may be other pages than translations of those on the way.
        if unknown := [path for path in way if path not in self.live]:
            found = Page.objects.filter(path__in=unknown).values_list("path", "live")
            self.live |= dict.fromkeys(unknown, False) | dict(found)
        return all(self.live[path] for path in way)

    def is_unrestricted(self, page: Page) -> bool:
        """Wagtail lets an alias be restricted as its source is: then it has to look itself."""
        ways = [row for row in self.by_address.values() if page.path.startswith(row.path)]
        row = self.by_address.get(page.url_path)
        return row is not None and row.is_public and not any(row.alias_of_id for row in ways)

    def seen_translations(self, page: Page) -> list[Any]:
        """Those that every visitor can see, the page itself included."""
        rows = self.translations[page.translation_key]
        return [row for row in rows if row.is_public and self.is_live(row)]


def found_for(request: HttpRequest) -> Found | None:
    return getattr(request, "found_pages", None)
