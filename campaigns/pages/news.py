"""News of a petition: a page each, the list on its page, the page of all of them, the feed."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from campaigns.blocks.content import ContentBlocks
from campaigns.pages.base import PROBLEMS_PANEL, SHARED_FIELDS, PublicPageMixin
from campaigns.records.visibility import is_public
from pagecache.declaring import declare

ON_THE_PAGE = 3
NEWS_PER_PAGE = 20
IN_THE_FEED = 20
# What a list shows of each: its body is long.
LISTED = ("path", "url_path", "locale", "title", "date", "lead")
# What the addresses below a petition's page lead to otherwise.
TAKEN_SLUGS = ("cities", "evidence", "feed", "news")


class UpdatePage(PublicPageMixin, Page):
    """What is new about the petition on whose page it hangs. A campaign's is its cities' too."""

    date = models.DateField(_("date"), default=timezone.localdate)
    lead = models.TextField(_("lead"), blank=True, help_text=_("Stands in the list and the feed."))
    body = StreamField(ContentBlocks(), verbose_name=_("body"), blank=True)

    essential_texts = frozenset({"title", "lead", "body"})
    # Its figures want a source.
    is_news = True
    content_panels = [
        PROBLEMS_PANEL,
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    override_translatable_fields = [*SHARED_FIELDS, SynchronizedField("date", False)]
    parent_page_types = ["campaigns.CampaignPage", "campaigns.PetitionPage"]
    subpage_types: list[str] = []
    template = "campaigns/update_page.html"

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")

    def come_from(self, parent: Page) -> None:
        super().come_from(parent)
        self.petition_page = parent

    @cached_property
    def petition_page(self) -> Page:
        return self.get_parent().specific

    @property
    def has_call(self) -> bool:
        return any(block.block_type == "call_to_action" for block in self.body)

    def clean(self) -> None:
        super().clean()
        if self.slug in TAKEN_SLUGS:
            raise ValidationError(
                {"slug": _("This address leads elsewhere already. Choose another slug.")}
            )


class NewsMixin:
    """Gives a petition's page its news: its own, and on a city's page the campaign's too."""

    if TYPE_CHECKING:
        pk: Any
        petition: Any
        campaign: Any
        heading: Any
        starter: Any
        full_url: Any
        description: Any
        language: Any
        language_links: Any
        render: Any

    def updates(self) -> models.QuerySet[UpdatePage]:
        """The live ones, the newest first."""
        if self.pk is None:
            return UpdatePage.objects.none()
        pages = UpdatePage.objects.child_of(self)
        if self.campaign.pk != self.pk:
            pages |= UpdatePage.objects.child_of(self.campaign)
        pages = pages.filter(locale=self.locale_id)  # type: ignore[attr-defined]
        return pages.filter(is_public(), live=True).order_by("-date", "-pk")

    def newest_updates(self) -> list[UpdatePage]:
        return list(self.updates().only(*LISTED)[:ON_THE_PAGE])

    @property
    def feed_url(self) -> str:
        return f"{self.full_url}feed/"

    def get_route_paths(self) -> list[str]:
        """Those that lead on to the page's new address when it gets one."""
        return ["/", "/news/", "/feed/"]

    @path("news/", name="news")
    def news(self, request: HttpRequest) -> HttpResponse:
        links = {language: f"{url}news/" for language, url in self.language_links.items()}
        pages = Paginator(self.updates(), NEWS_PER_PAGE)
        response: HttpResponse = self.render(
            request,
            template="campaigns/news.html",
            context_overrides={
                "language_links": links,
                "updates": pages.get_page(request.GET.get("p")),
            },
        )
        declare(response, {"p": map(str, pages.page_range)})
        return response

    @path("feed/", name="feed")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """The newest as an Atom feed (RFC 4287), in the page's language."""
        outcome = self.petition.outcome
        feed = Atom1Feed(
            title=_("News: %(petition)s") % {"petition": self.heading},
            link=self.full_url,
            description=None,
            subtitle=" ".join(filter(None, (self.description, outcome and outcome.told))),
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
