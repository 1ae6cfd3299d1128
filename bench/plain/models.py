"""Pages as Wagtail's tutorial makes them, with what a city's page says."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.blocks import PageChooserBlock, StructBlock, StructValue
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, Site
from wagtail.snippets.blocks import SnippetChooserBlock

from campaigns.blocks.content import (
    CallToActionBlock,
    CampaignBlocks,
    EvidenceBlock,
    PictureBlock,
)
from campaigns.models import Petition
from home.models import Contact
from plain.forms import PlainForm
from signatures.models import Signature


class PlainPictureBlock(PictureBlock):
    image = ImageBlock()


class PlainEvidenceBlock(EvidenceBlock):
    image = ImageBlock(required=False)
    city = SnippetChooserBlock("campaigns.City", required=False)


class PlainCallBlock(CallToActionBlock):
    page = PageChooserBlock(required=False)

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        page = value.get("page")
        context: dict[str, Any] = StructBlock.get_context(self, value, parent_context)
        return {**context, "address": page.url if page else ""}


class PlainBlocks(CampaignBlocks):
    """The same words in the same templates; what they point at is found as Wagtail finds it."""

    picture = PlainPictureBlock()
    evidence = PlainEvidenceBlock()
    call_to_action = PlainCallBlock()


class PlainPage(Page):
    who = models.CharField(max_length=250, blank=True)
    to = models.CharField(max_length=250, blank=True)
    lead = models.TextField(blank=True)
    facts = RichTextField(blank=True)
    ask = models.TextField(blank=True)
    body = StreamField(PlainBlocks(), blank=True)
    events = RichTextField(blank=True)
    links = RichTextField(blank=True)
    consent = models.TextField(blank=True)
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT)
    # Of a page that is a piece of news.
    date = models.DateField(null=True, blank=True)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        home = Site.find_for_request(request).root_page.localized
        confirmed = Signature.objects.confirmed().filter(petition=self.petition)
        newest = confirmed.with_public_name().order_by("-confirmed_at")
        comments = confirmed.with_public_comment().order_by("-confirmed_at")
        return {
            **super().get_context(request, *args, **kwargs),
            "home": home.specific,
            "menu": home.get_children().live().in_menu(),
            "contact": Contact.for_request(request),
            "translations": self.get_translations(inclusive=True).live().select_related("locale"),
            "count": confirmed.count(),
            "goal": 100,
            "news": PlainPage.objects.child_of(self).live().order_by("-date")[:3],
            "signers": newest[:10],
            "comments": comments[:5],
            "form": PlainForm(consent=self.consent),
        }


class FormPage(AbstractForm):
    """With Wagtail's own form. It mails nobody, which is the least that such a page does."""

    body = StreamField(PlainBlocks(), blank=True)
    # All that stands around the blocks.
    before = models.TextField()
    after = models.TextField()


class FormField(AbstractFormField):
    page = ParentalKey(FormPage, on_delete=models.CASCADE, related_name="form_fields")
