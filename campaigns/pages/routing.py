"""The pages on the way to an address and their translations, found in one query.

Wagtail asks for each page on the way twice, for what restricts them, whether all are live, and for
the translations of the last.
"""

from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Page
from wagtail.query import PageQuerySet

from campaigns.records.visibility import is_public

# What routing, menus and the addresses of translations read of a page; its words come later.
READ = (
    *("path", "depth", "url_path", "slug", "title", "live", "show_in_menus"),
    *("content_type", "translation_key", "alias_of", "locale__language_code"),
)


def looked_over(pages: PageQuerySet) -> PageQuerySet:
    """What is read of pages, and whether everybody may see them."""
    found: PageQuerySet = pages.annotate(is_public=is_public()).select_related("locale").only(*READ)
    return found


class Found:
    """What is known of the pages on the way from a home page."""

    def __init__(self, home: Page, slugs: list[str], beside: Q) -> None:
        """`beside` are pages below the home page that are shown on every page."""
        pages = Page.objects.descendant_of(home, inclusive=True)
        wanted = pages.filter(Q(slug__in=[home.slug, *slugs]) | beside).values("translation_key")
        rows: Any = looked_over(Page.objects.filter(translation_key__in=wanted)).order_by("path")
        self.rows = list(rows)
        self.by_address: dict[str, Any] = {}
        self.live: dict[str, bool] = {}
        self.translations: dict[Any, list[Any]] = defaultdict(list)
        for row in self.rows:
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


def found_for(request: HttpRequest | None) -> Found | None:
    return getattr(request, "found_pages", None)
