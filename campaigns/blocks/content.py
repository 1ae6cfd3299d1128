"""The blocks that campaign and city pages are made of.

Texts are translated; names of publishers, dates and the city of an evidence block are the same
in every language. The templates stand in `templates/campaigns/blocks/`.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StructValue
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Page

from campaigns.blocks.citations import QuoteBlock, SourceBlock, SourcesBlock, claim_key
from campaigns.blocks.images import KeptImageBlock, OptionalImageBlock
from campaigns.blocks.pointed import GatheredPageBlock, address_of
from campaigns.blocks.verbatim import CityChooserBlock
from campaigns.records.petitions import Petition
from campaigns.records.ties import refuse_future

ASKING = ("campaignpage", "petitionpage")
RICH_TEXT = ["bold", "italic", "link", "ol", "ul"]


class ReasonBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=160)
    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT)

    class Meta:
        icon = "tick-inverse"
        label = _("Reason")
        description = _("One reason to sign, with a heading.")
        template = "campaigns/blocks/reason.html"
        preview_value = {
            "heading": _("Ties are used as propaganda"),
            "text": "<p>Officials show them as a sign that all is well.</p>",
        }


class CorrectionBlock(blocks.StructBlock):
    date = blocks.DateBlock(label=_("Date"))
    wrong = blocks.TextBlock(label=_("What was wrong"))
    right = blocks.TextBlock(label=_("What is right"))

    def clean(self, value: StructValue) -> StructValue:
        cleaned: StructValue = super().clean(value)
        try:
            if cleaned["date"]:
                refuse_future(cleaned["date"])
        except ValidationError as error:
            raise StructBlockValidationError({"date": error}) from error
        return cleaned

    class Meta:
        icon = "edit"
        label = _("Correction")
        description = _("What was put right, and when. Shown beside the claim.")
        template = "campaigns/blocks/correction.html"
        preview_value = {
            "date": "2024-02-24",
            "wrong": _("We wrote that 440 people were killed."),
            "right": _("The report counts 441."),
        }


class EvidenceValue(StructValue):
    @property
    def corrected_on(self) -> date | None:
        """The day of the newest correction."""
        days = (correction["date"] for correction in self.get("corrections") or [])
        return max(filter(None, days), default=None)


class EvidenceBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=160)
    what_happened = blocks.RichTextBlock(label=_("What happened"), features=RICH_TEXT)
    when = blocks.CharBlock(label=_("When"), required=False, max_length=120)
    city = CityChooserBlock(
        label=_("City"),
        required=False,
        help_text=_("Shown on the pages about this city; with no city, on every page."),
    )
    content_warning = blocks.CharBlock(
        label=_("Content warning"),
        required=False,
        max_length=160,
        help_text=_("Folds the block until the reader opens it."),
    )
    image = OptionalImageBlock(label=_("Image"))
    sources = SourcesBlock(SourceBlock(), label=_("Sources"), min_num=1)
    review_on = blocks.DateBlock(
        label=_("Review on"),
        required=False,
        help_text=_("From this day on the ledger reminds you to look whether it still holds."),
    )
    corrections = blocks.ListBlock(CorrectionBlock(), label=_("Corrections"), default=[], min_num=0)

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        campaign = getattr(context.get("page"), "campaign", None)
        key = claim_key(context.get("id"))
        address = campaign.url if campaign and campaign.pk and key else None
        return {**context, "key": key, "address": address and f"{address}evidence/{key}/"}

    class Meta:
        icon = "warning"
        label = _("Evidence")
        description = _("An atrocity, with one or more sources.")
        template = "campaigns/blocks/evidence.html"
        value_class = EvidenceValue
        preview_value = {
            "heading": _("Killings of civilians"),
            "what_happened": "<p>441 civilians were killed in 102 villages and towns.</p>",
            "when": _("February to April 2022"),
            "sources": [{"title": "Killings of civilians", "publisher": "OHCHR", "language": "en"}],
        }


class TextBlock(blocks.RichTextBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs, headings, lists and links.")
        template = "campaigns/blocks/text.html"
        preview_value = "<h2>A heading</h2><p>A paragraph of text.</p>"


class PictureBlock(blocks.StructBlock):
    image = KeptImageBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("A picture with a description for those who do not see it.")
        template = "campaigns/blocks/picture.html"
        preview_value = {"caption": _("A caption")}


def leads_in_vain(target: Page) -> bool:
    """Whether nobody can sign on the page, where it is one that asks for signatures."""
    if target.cached_content_type.model not in ASKING:
        return False
    of_page = models.Q(petitionpage=target.pk) | models.Q(campaignpage=target.pk)
    found = Petition.objects.filter(of_page).with_state(timezone.now())
    return found.exclude(state_now=Petition.State.OPEN).exists()


class CallToActionBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=160)
    text = blocks.TextBlock(label=_("Text"), required=False)
    button = blocks.CharBlock(label=_("Button"), max_length=60)
    page = GatheredPageBlock(
        label=_("Page"), required=False, help_text=_("With none, the button leads to the form.")
    )

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """What it leads to may ask to sign, which is not always possible."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        page = context.get("page")
        shown = getattr(page, "petition_page", page)
        target = value.get("page")
        petition = getattr(shown, "petition", None)
        context["is_in_vain"] = (
            leads_in_vain(target) if target else bool(petition and not petition.is_signable)
        )
        context["address"] = address_of(target)
        return context

    class Meta:
        icon = "pick"
        label = _("Call to action")
        description = _("A heading and a button that leads to the form or to a page.")
        template = "campaigns/blocks/call_to_action.html"
        preview_value = {"heading": _("Your name counts"), "button": _("Sign now")}


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=RICH_TEXT)
    sources = blocks.ListBlock(SourceBlock(), label=_("Sources"), default=[], min_num=0)

    class Meta:
        icon = "help"
        label = _("Question")
        description = _("One question and its answer.")
        template = "campaigns/blocks/question.html"
        preview_value = {"question": _("Who may sign?"), "answer": "<p>Anyone.</p>"}


class QuestionsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=160)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        description = _("Questions that visitors ask, each with its answer.")
        template = "campaigns/blocks/questions.html"
        preview_value = {
            "heading": _("Questions and answers"),
            "questions": [{"question": _("Who may sign?"), "answer": "<p>Anyone.</p>"}],
        }


class TextSourcesBlock(blocks.StructBlock):
    sources = SourcesBlock(SourceBlock(), label=_("Sources"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Sources")
        description = _("Where the facts in the text were published.")
        template = "campaigns/blocks/text_sources.html"
        preview_value = {
            "sources": [{"title": "Killings of civilians", "publisher": "OHCHR", "language": "en"}]
        }


class ContentBlocks(blocks.StreamBlock):
    """What any page may hold."""

    text = TextBlock(features=["h2", "h3", *RICH_TEXT])
    picture = PictureBlock()
    call_to_action = CallToActionBlock()
    questions = QuestionsBlock()
    sources = TextSourcesBlock()


class CampaignBlocks(ContentBlocks):
    """What a page that asks for signatures may hold."""

    reason = ReasonBlock()
    evidence = EvidenceBlock()
    quote = QuoteBlock()
