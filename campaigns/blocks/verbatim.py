"""Blocks whose value is the same in every language."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from campaigns.blocks.pointed import KeptChoice
from translations.blocks import Verbatim
from translations.dates import typed
from translations.languages import names

# As long as an address can be looked at, see SourceCheck.
ADDRESS_LENGTH = 500


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


class PublishedOnBlock(VerbatimCharBlock):
    """When something was published: a day, or only its month or year, as far as it is known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Like 2022-06-04; or only 2022-06, or 2022."))
        super().__init__(**kwargs)

    def clean(self, value: str) -> str:
        text = super().clean(value)
        try:
            return typed.partial(text)
        except typed.AmbiguousError as error:
            raise ValidationError(str(error)) from error
        except ValueError as error:
            raise ValidationError(
                _("%(text)s is not a date. Write it like 2022-06-04; or only 2022-06, or 2022."),
                params={"text": text},
            ) from error


class CityChooserBlock(Verbatim, KeptChoice, SnippetChooserBlock):
    """Chooses a City, shared by all languages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("campaigns.City", **kwargs)


class LanguageBlock(Verbatim, blocks.ChoiceBlock):
    """Chooses the language of a text that stays in it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=names.choices, **kwargs)
