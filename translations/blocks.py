"""What a block tells of its words, beside what wagtail-localize asks it."""

from typing import Any, TypeVar

from wagtail import blocks
from wagtail_localize.segments import StringSegmentValue

Value = TypeVar("Value")


class Verbatim:
    """Keeps a block's value out of the translators' hands."""

    def get_translatable_segments(self, value: object) -> list[Any]:
        return []

    def restore_translated_segments(self, value: Value, segments: list[Any]) -> Value:
        return value


class UnexplainedText(StringSegmentValue):
    """A text put before translators because nobody has said what it means. It is in no language
    but its own, so that it may stand on every page."""

    def clone(self) -> "UnexplainedText":
        return UnexplainedText(self.path, self.string, attrs=self.attrs, order=self.order)


class ExplainedBlock(blocks.StructBlock):
    """Keeps words in the language they are in. Translators say beside them what they mean, and it
    may stand in a translation before they have."""

    def explained(self, value: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
        """A source's value as it is stored, with what a translation's own says of the same words.

        `own` is empty where the block is new in the translation.
        """
        raise NotImplementedError
