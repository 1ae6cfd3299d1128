"""The home page, content pages and what the site says of itself."""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page

from campaigns.blocks.content import ContentBlocks
from campaigns.models import CampaignPage, PetitionPage
from campaigns.pages import search
from campaigns.pages.base import PROBLEMS_PANEL, SHARED_FIELDS, PublicPageMixin
from campaigns.pages.city_rows import CityRow, city_rows
from campaigns.pages.parts import Part, part_of
from campaigns.records.petitions import CAMPAIGN_IS_LIVE
from campaigns.records.visibility import is_public
from security import printable

# As many as stand in a strip.
MOST_THAT_ACTED = 6


@dataclass(frozen=True)
class Front:
    """What the home page shows of a campaign."""

    campaign: CampaignPage
    cities: list[CityRow]

    @property
    def acted(self) -> list[CityRow]:
        """The cities that did what was demanded, the last first."""
        met = [(row.outcome.acted_on, row) for row in self.cities if row.outcome and row.is_won]
        return [row for _day, row in sorted(met, key=itemgetter(0), reverse=True)]

    @property
    def newest_acts(self) -> list[CityRow]:
        return self.acted[:MOST_THAT_ACTED]

    @property
    def before(self) -> int:
        """In how many a petition came too late to have done anything."""
        return sum(1 for row in self.cities if row.outcome and row.outcome.came_before)

    @property
    def part(self) -> Part:
        return self.campaign.parts_of(self.cities)


class HomePage(PublicPageMixin, Page):
    """The front of the site in one language."""

    free_texts = ("q",)
    # Which petitions are the largest changes while people sign; their numbers are told at once.
    kept_seconds = 60.0
    lead = models.TextField(_("lead"), blank=True)
    body = StreamField(ContentBlocks(), verbose_name=_("body"), blank=True)
    footer = models.TextField(_("footer"), blank=True, help_text=_("Shown below every page."))

    content_panels = [
        PROBLEMS_PANEL,
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
        FieldPanel("footer"),
    ]
    override_translatable_fields = SHARED_FIELDS
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["campaigns.CampaignPage", "home.ContentPage"]
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        query = search.typed(request.GET.get("q", ""))
        found = self.find(query)
        return {
            **super().get_context(request, *args, **kwargs),
            "fronts": [] if query else self.fronts(),
            "query": query,
            "found": found,
            "part": self.part(found, query, request.GET.get("p", "")),
        }

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any(request.GET.getlist("q")) and search.asked_too_often(request):
            return search.refused(request)
        return super().serve(request, *args, **kwargs)

    def fronts(self) -> list[Front]:
        campaigns = (
            CampaignPage.objects.child_of(self)
            .filter(is_public(), live=True, locale=self.locale_id)
            .select_related("locale", "petition__tie")
            .prefetch_related("petition__events")
        )
        return [Front(campaign, campaign.city_rows()) for campaign in campaigns]

    def find(self, query: str) -> search.Found:
        """The cities that fit a query, of those whose pages visitors can see."""
        if not query:
            return search.Found([])
        pages = PetitionPage.objects.live().descendant_of(self).filter(locale=self.locale_id)
        return search.find(query, city_rows(pages.filter(CAMPAIGN_IS_LIVE, is_public()), self))

    def part(self, found: search.Found, query: str, asked: str) -> Part:
        """Of the cities that were found. No cache keeps it, whatever `p` is."""

        def address(number: str) -> str:
            return "?" + urlencode({"q": query, **({"p": number} if number else {})})

        return part_of(found.rows, asked, address, None)


class ContentPage(PublicPageMixin, Page):
    """A page of text: about, privacy."""

    body = StreamField(ContentBlocks(), verbose_name=_("body"), blank=True)

    content_panels = [PROBLEMS_PANEL, *Page.content_panels, FieldPanel("body")]
    override_translatable_fields = SHARED_FIELDS
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    template = "home/content_page.html"

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")


@register_setting(icon="mail")
class Contact(BaseSiteSetting):
    """Who answers for the site, in every language."""

    name = printable.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("email address"), blank=True)

    panels = [FieldPanel("name"), FieldPanel("email")]

    class Meta:
        verbose_name = _("contact")
