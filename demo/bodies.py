"""Bodies of pages: from the data file to raw StreamField values, checked on the way."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks import Block
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock

from campaigns.blocks.verbatim import CityChooserBlock
from campaigns.models import City
from demo.content import Item
from demo.drawings import DRAWINGS, get_drawing
from security.printable import Json

NO_IMAGE = {"image": None, "alt_text": "", "decorative": False}


def raw_body(stream: blocks.StreamBlock, item: Item, language: str) -> list[dict[str, Any]]:
    """The body in one language; both languages' bodies carry the same block ids."""
    body = []
    for entry in item:
        kind = entry["type"].text()
        block = stream.child_blocks.get(kind)
        if block is None:
            known = ", ".join(stream.child_blocks)
            raise entry["type"].error(f"there is no block “{kind}”; known are {known}")
        raw = _raw(block, entry["value"], language)
        _check(block, raw, entry["value"])
        body.append({"type": kind, "id": _id(entry["id"]), "value": raw})
    return body


def _id(item: Item) -> str:
    try:
        return str(uuid.UUID(item.text()))
    except ValueError:
        raise item.error("a block's id is a UUID") from None


def _raw(block: Block, item: Item, language: str) -> Json:
    if isinstance(block, ImageBlock):
        return _raw_image(item, language)
    if isinstance(block, blocks.StructBlock):
        return _raw_struct(block, item, language)
    if isinstance(block, blocks.ListBlock):
        return [
            {
                "type": "item",
                "id": _id(entry["id"]),
                "value": _raw(block.child_block, entry["value"], language),
            }
            for entry in item
        ]
    if isinstance(block, CityChooserBlock):
        city = City.objects.filter(key=item.text()).first()
        if city is None:
            raise item.error(f"there is no city “{item.text()}” among the cities of the campaign")
        return city.pk
    value = item.value(language)
    if not isinstance(value, str):
        raise item.error("a text is expected here")
    return value or None if isinstance(block, blocks.DateBlock) else value


def _raw_image(item: Item, language: str) -> dict[str, Any]:
    try:
        image = get_drawing(item["drawing"].text())
    except KeyError:
        raise item["drawing"].error(f"known drawings are {', '.join(DRAWINGS)}") from None
    alt_text = item["alt_text"].value(language)
    return {"image": image.pk, "alt_text": alt_text, "decorative": False}


def _raw_struct(block: blocks.StructBlock, item: Item, language: str) -> dict[str, Any]:
    fields = item.fields()
    for name, value in fields.items():
        if name not in block.child_blocks:
            raise value.error(f"the block has no “{name}”; it has {', '.join(block.child_blocks)}")
    raw: dict[str, Any] = {}
    for name, child in block.child_blocks.items():
        if name in fields:
            raw[name] = _raw(child, fields[name], language)
        elif isinstance(child, ImageBlock):
            raw[name] = NO_IMAGE
        elif child.required and not isinstance(child, blocks.BooleanBlock):
            raise item.error(f"“{name}” is missing here")
        elif isinstance(child, blocks.CharBlock | blocks.TextBlock | blocks.URLBlock):
            # As the editor's form leaves an empty text; wagtail-localize takes no null.
            raw[name] = ""
    return raw


def _check(block: Block, raw: Json, item: Item) -> None:
    try:
        value = block.to_python(raw)
        block.clean(block.normalize(value))
    except (ValidationError, ValueError) as error:
        raise _located(error, item) from error


def _located(error: Exception, item: Item) -> Exception:
    """The first error in words, at the innermost place that it is known of."""
    if isinstance(error, StructBlockValidationError) and error.block_errors:
        name, inner = next(iter(error.block_errors.items()))
        fields = item.fields()
        return _located(inner, fields.get(name, item))
    if isinstance(error, ListBlockValidationError) and error.block_errors:
        pairs = error.block_errors
        found = pairs.items() if isinstance(pairs, dict) else enumerate(pairs)
        for index, inner in found:
            if inner is not None:
                return _located(inner, list(item)[index]["value"])
    messages = error.messages if isinstance(error, ValidationError) else [str(error)]
    return item.error(" ".join(messages) or "this is not allowed here")
