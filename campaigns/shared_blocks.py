"""Blocks whose value is the same in every language."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from campaigns import languages

# As long as an address can be looked at, see SourceCheck.
ADDRESS_LENGTH = 500


class Verbatim:
    """Keeps a block's value out of the translators' hands."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return []

    def restore_translated_segments(self, value: Any, segments: list[Any]) -> Any:
        return value


class VerbatimCharBlock(Verbatim, blocks.CharBlock):
    """A publisher, a title, a key."""


class VerbatimTextBlock(Verbatim, blocks.TextBlock):
    """What somebody said, in the original."""


def validate_web_address(address: str) -> None:
    if not address.lower().startswith(("http://", "https://")):
        raise ValidationError(_("Give an address that begins with http:// or https://."))


class VerbatimURLBlock(Verbatim, blocks.URLBlock):
    """An address on the web."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("validators", [validate_web_address])
        kwargs.setdefault("max_length", ADDRESS_LENGTH)
        super().__init__(**kwargs)


class CityChooserBlock(Verbatim, SnippetChooserBlock):
    """Chooses a City, shared by all languages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("campaigns.City", **kwargs)


class LanguageBlock(Verbatim, blocks.ChoiceBlock):
    """Chooses the language of a text that stays in it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=languages.choices, **kwargs)
