"""A stream of blocks in another language, brought in line with its source.

What is the same in every language is the source's; the words stay the translation's. What has no
words in its language yet stays away, and no block ever holds two languages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wagtail import blocks
from wagtail.blocks import Block
from wagtail.images.blocks import ImageBlock

from security.printable import Json
from translations.blocks import ExplainedBlock, Verbatim
from translations.sync.paragraphs import Paragraph, merged
from translations.validation import TEXT_BLOCKS


class NotYetError(Exception):
    """A block would lack what it cannot be without."""


@dataclass
class Merge:
    """What is known of a source and its translation, by wagtail-localize's content paths.

    `before` holds the source's texts as translators had them until now, `translated` the stored
    translations with what they translate, `worded` every place in which the source has words, and
    `overridden` those where the translation has a link or an image of its own.
    """

    before: dict[str, list[Paragraph]] = field(default_factory=dict)
    translated: dict[str, dict[str, str]] = field(default_factory=dict)
    worded: set[str] = field(default_factory=set)
    overridden: set[str] = field(default_factory=set)

    def stream(self, block: Block, source: list[Any], own: list[Any], path: str) -> list[Any]:
        """The items of a stream or list in the source's order, as they are stored."""
        return list(self._items(block, source, own, path))

    def _items(
        self, block: Block, source: list[Any], own: list[Any], path: str
    ) -> Iterator[dict[str, Any]]:
        known = {(item["type"], item["id"]): item["value"] for item in own}
        is_list = isinstance(block, blocks.ListBlock)
        for item in source:
            child = block.child_block if is_list else block.child_blocks[item["type"]]
            inner = f"{path}.{item['id']}"
            key = (item["type"], item["id"])
            if key in known:
                try:
                    yield {**item, "value": self._value(child, item["value"], known[key], inner)}
                except NotYetError:
                    continue
            elif isinstance(child, ExplainedBlock):
                yield {**item, "value": child.explained(item["value"], {})}
            elif inner not in self.worded:
                yield item

    def _value(self, block: Block, source: Json, own: Json, path: str) -> Json:
        if isinstance(block, ImageBlock):
            return self._image(source, own, path)
        if isinstance(block, blocks.StructBlock) and isinstance(source, dict):
            return self._struct(block, source, own if isinstance(own, dict) else {}, path)
        if isinstance(block, blocks.ListBlock | blocks.StreamBlock):
            theirs, ours = (each if isinstance(each, list) else [] for each in (source, own))
            items = self.stream(block, theirs, ours, path)
            if len(items) < min(len(theirs), block.meta.min_num or 0):
                raise NotYetError
            return items
        if isinstance(block, blocks.RichTextBlock):
            known = self.translated.get(path, {})
            return merged(str(source or ""), str(own or ""), self.before.get(path, []), known)
        if isinstance(block, TEXT_BLOCKS) and not isinstance(block, Verbatim):
            return own if source else source
        return own if path in self.overridden else source

    def _struct(
        self, block: blocks.StructBlock, source: dict[str, Json], own: dict[str, Json], path: str
    ) -> dict[str, Json]:
        value = {
            name: self._value(child, source.get(name), own.get(name), f"{path}.{name}")
            for name, child in block.child_blocks.items()
        }
        return block.explained(value, own) if isinstance(block, ExplainedBlock) else value

    def _image(self, source: Json, own: Json, path: str) -> Json:
        """An image and the words that describe it change together, or not at all."""
        if not isinstance(source, dict) or not source.get("image"):
            return source
        if not isinstance(own, dict) or not own or f"{path}.image" in self.overridden:
            return own
        place = f"{path}.alt_text"
        was = [paragraph.text for paragraph in self.before.get(place, [])]
        is_described_anew = place in self.worded and was != [source.get("alt_text")]
        if is_described_anew and source["image"] != own.get("image"):
            return own
        return {**source, "alt_text": own.get("alt_text") if source.get("alt_text") else ""}
