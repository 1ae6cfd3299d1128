"""The sitemap: every address that visitors can see, in parts where there are many."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import Sitemap
from wagtail.contrib.sitemaps.views import sitemap as wagtail_sitemap
from wagtail.models import Page
from wagtail.query import PageQuerySet

from campaigns.pages.base import full_address
from campaigns.records.visibility import is_public, visible
from pagecache.declaring import declare

# So that a part is no larger than a page with its pictures.
PAGES_IN_A_PART = 200


class AllLanguagesSitemap(Sitemap):
    """Wagtail's own lists the default language only."""

    limit = PAGES_IN_A_PART

    def items(self) -> PageQuerySet:
        root = self.get_wagtail_site().root_page
        pages = Page.objects.none()
        for tree in root.get_translations(inclusive=True):
            below = Page.objects.descendant_of(tree, inclusive=True)
            pages |= below.filter(locale=tree.locale_id)
        return visible(pages).filter(is_public(), alias_of=None).order_by("path")

    def _urls(self, page: int | str, protocol: str, domain: str) -> list[dict[str, Any]]:
        """Django's, which asks nothing more for each page."""
        part = list(self.paginator.page(page).object_list.specific(defer=True))
        links: dict[Any, dict[str, str]] = defaultdict(dict)
        alike = self.items().filter(translation_key__in={page.translation_key for page in part})
        for other in alike.select_related("locale"):
            if address := full_address(other):
                links[other.translation_key][other.locale.language_code] = address
        for each in part:
            each.language_links = links[each.translation_key]
        urls = [url for each in part for url in each.get_sitemap_urls(self.request)]
        changed = [url["lastmod"] for url in urls]
        if changed and None not in changed:
            self.latest_lastmod = max(changed)
        return urls


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The whole, or, where that were too long, where its parts are."""
    pages = AllLanguagesSitemap(request)
    parts = [str(part) for part in range(1, pages.paginator.num_pages + 1)]
    if len(parts) == 1 or "p" in request.GET:
        response = wagtail_sitemap(request, sitemaps={"pages": pages})
    else:
        address = request.build_absolute_uri(request.path)
        found = {"sitemaps": [{"location": f"{address}?p={part}"} for part in parts]}
        response = render(request, "sitemap_index.xml", found, content_type="application/xml")
    declare(response, {"p": parts}, free=["section"], in_every_language=True)
    return response
