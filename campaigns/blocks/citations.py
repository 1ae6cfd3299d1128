"""What others published and said, which stays in the language it is in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError, ListValue
from wagtail.blocks.struct_block import StructBlockValidationError, StructValue
from wagtail_localize.segments import StringSegmentValue

from campaigns.blocks.images import KeptImageChooserBlock
from campaigns.blocks.verbatim import (
    LanguageBlock,
    PublishedOnBlock,
    VerbatimCharBlock,
    VerbatimTextBlock,
    VerbatimURLBlock,
)
from translations.blocks import ExplainedBlock, UnexplainedText
from translations.dates import typed
from translations.languages import names

KEY_LENGTH = 8


def claim_key(block_id: object) -> str:
    """Names a claim in addresses: the same wherever its block stands, and in every language."""
    return str(block_id or "")[:KEY_LENGTH]


class SourceValue(StructValue):
    @property
    def shown_meaning(self) -> str:
        """What the title says, for readers of another language than its own."""
        title, meaning = self["title"].strip(), (self.get("meaning") or "").strip()
        is_own = self.get("language") == get_language()
        return "" if is_own or meaning == title else meaning

    @property
    def shown_date(self) -> str:
        return typed.date_as_sentence(str(self["date"])) if self.get("date") else ""


class SourceBlock(ExplainedBlock):
    """A source keeps its title. Translators say beside it what the title means."""

    title = VerbatimCharBlock(
        label=_("Title"), max_length=300, help_text=_("As it was published, in its own language.")
    )
    language = LanguageBlock(label=_("Language"), default="en")
    meaning = blocks.CharBlock(
        default="",
        label=_("What the title says"),
        required=False,
        max_length=300,
        help_text=_(
            "For a title in another language than this page’s; shown in brackets. "
            "Translators write it for their readers."
        ),
    )
    publisher = VerbatimCharBlock(label=_("Publisher"), max_length=200)
    date = PublishedOnBlock(label=_("Date"), required=False)
    address = VerbatimURLBlock(label=_("Address"), required=False)
    archived_copy = VerbatimURLBlock(label=_("Archived copy"), required=False)

    def clean(self, value: StructValue) -> StructValue:
        cleaned = super().clean(value)
        try:
            names.validate_language(cleaned["title"], cleaned["language"])
        except ValidationError as error:
            raise StructBlockValidationError({"language": error}) from error
        return cleaned

    def get_translatable_segments(self, value: StructValue) -> list[StringSegmentValue]:
        """One text: what the title says, which is the title itself where nobody has said more."""
        if value.get("meaning"):
            return [StringSegmentValue("meaning", value["meaning"])]
        return [UnexplainedText("meaning", value["title"] or "")]

    def explained(self, value: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
        is_same = value["title"] == own.get("title")
        return {**value, "meaning": own.get("meaning", "") if is_same else ""}

    def restore_translated_segments(self, value: StructValue, segments: list[Any]) -> StructValue:
        for segment in segments:
            value["meaning"] = segment.render_text()
        return value

    class Meta:
        icon = "link"
        label = _("Source")
        description = _("Where it was published, and an archived copy.")
        template = "campaigns/blocks/source.html"
        value_class = SourceValue
        preview_value = {"title": "Report on killings", "publisher": "OHCHR", "language": "en"}


class SourcesBlock(blocks.ListBlock):
    """At least one, as soon as it is more than a draft."""

    def clean(self, value: ListValue) -> ListValue:
        if not len(value) and not self.is_deferred_validation:
            reason = _("Add a source: this is not published without one.")
            raise ListBlockValidationError(non_block_errors=ErrorList([ValidationError(reason)]))
        return super().clean(value)


class QuoteValue(StructValue):
    @property
    def is_translated(self) -> bool:
        """Whether the words that show are a translation of what was said."""
        return self.get("original_language") not in (None, "", get_language())

    @property
    def shown_words(self) -> str:
        """The original to those who read its language, else the page's own words."""
        is_original = self.get("original_language") == get_language()
        return (is_original and self.get("original_words")) or self["words"]

    @property
    def initials(self) -> str:
        """In place of the speaker's picture."""
        first, *others = self["speaker"].split() or [""]
        return "".join(name[:1] for name in (first, *others[-1:]))

    @property
    def translated_from(self) -> str:
        return names.translated_from(self["original_language"])


class QuoteBlock(blocks.StructBlock):
    """What somebody said. The original is the same everywhere, the words are each language's."""

    words = blocks.TextBlock(label=_("Words"), help_text=_("In the language of this page."))
    speaker = blocks.CharBlock(label=_("Speaker"), max_length=120)
    role = blocks.CharBlock(label=_("Role"), required=False, max_length=160)
    portrait = KeptImageChooserBlock(
        label=_("Portrait"),
        required=False,
        help_text=_(
            "A square around the picture’s focal point is shown. With no portrait, the speaker’s "
            "initials are."
        ),
    )
    occasion = blocks.CharBlock(label=_("Occasion"), required=False, max_length=200)
    date = blocks.DateBlock(label=_("Date"), required=False)
    original_language = LanguageBlock(
        label=_("Language of the original"),
        required=False,
        help_text=_("Of the words as you have them. Elsewhere they are said to be translated."),
    )
    original_words = VerbatimTextBlock(
        label=_("Words of the original"),
        required=False,
        help_text=_("Shown as they are to those who read their language, and to others on demand."),
    )
    translator = blocks.CharBlock(
        default="",
        label=_("Translated by"),
        required=False,
        max_length=120,
        help_text=_("Each language names its own translator. Not shown beside the original."),
    )

    def clean(self, value: StructValue) -> StructValue:
        cleaned = super().clean(value)
        words, language = cleaned["original_words"], cleaned["original_language"]
        try:
            if words and not language:
                raise ValidationError(_("Choose the language of the original words."))
            names.validate_language(words, language)
        except ValidationError as error:
            raise StructBlockValidationError({"original_language": error}) from error
        return cleaned

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("What somebody said, word for word, and on what occasion.")
        template = "campaigns/blocks/quote.html"
        value_class = QuoteValue
        preview_value = {
            "words": _("Do not look away."),
            "speaker": _("A speaker"),
            "role": _("Their role"),
            "occasion": _("The occasion"),
        }
