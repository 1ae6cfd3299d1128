"""News of a petition: the list on its page, the page of all of them, and the feed."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.contrib.routable_page.models import path

if TYPE_CHECKING:
    from campaigns.models.updates import UpdatePage

ON_THE_PAGE = 3
PER_PAGE = 20
IN_THE_FEED = 20


class NewsMixin:
    """Gives a petition's page its news: its own, and on a city's page the campaign's too."""

    if TYPE_CHECKING:
        pk: Any
        petition: Any
        campaign: Any
        heading: Any
        starter: Any
        full_url: Any
        language: Any
        language_links: Any
        render: Any

    def updates(self) -> "QuerySet[UpdatePage]":
        """The live ones, the newest first."""
        # Pages and news name each other.
        from campaigns.models.updates import UpdatePage

        if self.pk is None:
            return UpdatePage.objects.none()
        pages = UpdatePage.objects.child_of(self)
        if self.campaign.pk != self.pk:
            pages |= UpdatePage.objects.child_of(self.campaign)
        pages = pages.filter(locale=self.locale_id)  # type: ignore[attr-defined]
        return pages.live().public().order_by("-date", "-pk")  # type: ignore[no-any-return]

    def newest_updates(self) -> "list[UpdatePage]":
        return list(self.updates()[:ON_THE_PAGE])

    @property
    def feed_url(self) -> str:
        return f"{self.full_url}feed/"

    def get_route_paths(self) -> list[str]:
        """Those that lead on to the page's new address when it gets one."""
        return ["/", "/news/", "/feed/"]

    @path("news/", name="news")
    def news(self, request: HttpRequest) -> HttpResponse:
        links = {language: f"{url}news/" for language, url in self.language_links.items()}
        updates = Paginator(self.updates(), PER_PAGE).get_page(request.GET.get("p"))
        return self.render(  # type: ignore[no-any-return]
            request,
            template="campaigns/news.html",
            context_overrides={"language_links": links, "updates": updates},
        )

    @path("feed/", name="feed")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """The newest as an Atom feed (RFC 4287), in the page's language."""
        feed = Atom1Feed(
            title=_("News: %(petition)s") % {"petition": self.heading},
            link=self.full_url,
            description=None,
            language=self.language,
            feed_url=self.feed_url,
            author_name=self.starter,
        )
        zone = ZoneInfo(self.petition.time_zone)
        for update in self.updates()[:IN_THE_FEED]:
            feed.add_item(
                title=update.title,
                link=update.full_url,
                # A summary is HTML.
                description=escape(update.lead),
                unique_id=update.full_url,
                pubdate=datetime.combine(update.date, time.min, zone),
                updateddate=update.last_published_at,
            )
        response = HttpResponse(content_type=feed.content_type)
        feed.write(response, "utf-8")
        return response
