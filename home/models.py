"""The home page, content pages and what the site says of itself."""

from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page

from campaigns.blocks.content import ContentBlocks
from campaigns.models import CampaignPage
from campaigns.pages.base import PROBLEMS_PANEL, SHARED_FIELDS, PublicPageMixin
from campaigns.pages.parts import Part, part_of
from campaigns.pages.search import find_cities
from campaigns.records.visibility import is_public
from security import printable


class HomePage(PublicPageMixin, Page):
    """The front of the site in one language."""

    free_texts = ("q",)
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
        query = request.GET.get("q", "").replace("\0", "").strip()[:100]
        campaigns = (
            CampaignPage.objects.child_of(self)
            .filter(is_public(), live=True, locale=self.locale_id)
            .select_related("locale", "petition__tie")
            .prefetch_related("petition__events")
        )
        return {
            **super().get_context(request, *args, **kwargs),
            "campaigns": campaigns,
            "query": query,
            "part": self.found_part(query, request.GET.get("p", "")),
        }

    def found_part(self, query: str, asked: str) -> Part:
        """Of the cities that fit what is searched for. No cache keeps it, whatever `p` is."""

        def address(number: str) -> str:
            return "?" + urlencode({"q": query, **({"p": number} if number else {})})

        found = find_cities(query, self) if query else []
        return part_of(found, asked, address, lambda row: row.city_name)


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
