"""News of a petition."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from campaigns.blocks import ContentBlocks
from campaigns.models.public_pages import PROBLEMS_PANEL, SHARED_FIELDS, PublicPageMixin

if TYPE_CHECKING:
    from campaigns.models.public_pages import PetitionPageBase

# What the addresses below a petition's page lead to otherwise.
TAKEN_SLUGS = ("cities", "feed", "news")


class UpdatePage(PublicPageMixin, Page):
    """What is new about the petition on whose page it hangs. A campaign's is its cities' too."""

    date = models.DateField(_("date"), default=timezone.localdate)
    lead = models.TextField(_("lead"), blank=True, help_text=_("Stands in the list and the feed."))
    body = StreamField(ContentBlocks(), verbose_name=_("body"), blank=True)

    essential_texts = frozenset({"title", "lead", "body"})
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

    @cached_property
    def petition_page(self) -> "PetitionPageBase":
        return self.get_parent().specific  # type: ignore[no-any-return]

    @property
    def has_call(self) -> bool:
        return any(block.block_type == "call_to_action" for block in self.body)

    def clean(self) -> None:
        super().clean()
        if self.slug in TAKEN_SLUGS:
            raise ValidationError(
                {"slug": _("This address leads elsewhere already. Choose another slug.")}
            )
