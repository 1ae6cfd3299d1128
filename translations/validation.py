"""Where a text stands on a page, in words, and what fits there."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.blocks import Block
from wagtail.blocks.list_block import ListValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import TranslatableMixin
from wagtail_localize.strings import StringValue, validate_translation_links

from security.printable import UNPRINTABLE
from translations.panels import headings

# More than any paragraph has, and little enough for wagtail-localize's reader of HTML.
MAX_CHARACTERS = 20_000
# Of the signs that HTML is made of, which take that reader's time, beyond those of the source.
MAX_MORE_SIGNS = 50
# Of a block's heading, in the name of a place.
WORDS = 40
TAG = re.compile(r"<(/?)([a-z]+)((?:\s+[a-z]+=(?:\"[^\"<>]*\"|'[^'<>]*'))*)\s*/?>")
# What a browser or a reader of HTML would take for the beginning of a tag.
OPENING = re.compile(r"<[A-Za-z/!?]")
TEXT_BLOCKS = (blocks.CharBlock, blocks.TextBlock, blocks.BlockQuoteBlock)


@dataclass(frozen=True)
class Place:
    """`labels` lead from the field inwards; `field` is the form's or model's, if it has rules."""

    labels: tuple[str, ...]
    help_text: str = ""
    field: Any = None

    def __str__(self) -> str:
        return " › ".join(self.labels)


def place_of(instance: TranslatableMixin, path: str) -> Place:
    """The place that wagtail-localize's content path means on a page or snippet."""
    name, *steps = path.split(".")
    try:
        field = instance._meta.get_field(name)
    except FieldDoesNotExist:
        return Place((path,))
    outer = [str(headings(instance._meta.model).get(name, "")), str(field.verbose_name)]
    labels = tuple(capfirst(each) for each in outer if each)
    if not steps:
        has_rules = isinstance(field, models.CharField | models.TextField)
        has_rules = has_rules and not isinstance(field, RichTextField)
        return Place(
            labels, str(getattr(field, "help_text", "") or ""), field if has_rules else None
        )
    if not isinstance(field, StreamField):
        return Place(labels)
    *inner, block = _walk(field.stream_block, getattr(instance, name), steps)
    labels = (*labels, *filter(None, inner))
    if block is None:
        return Place(labels)
    rules = block.field if isinstance(block, TEXT_BLOCKS) else None
    return Place(labels, str(getattr(block.field, "help_text", "") or ""), rules)


def _walk(block: Block, value: object, steps: list[str]) -> Iterator[Any]:
    """The labels on the way inwards, and at the end the innermost block, or None."""
    for step in steps:
        label, block, value = _step(block, value, step)
        if block is None:
            break
        yield label
    yield block if isinstance(block, blocks.FieldBlock) else None


def _step(block: Block, value: object, step: str) -> tuple[str, Any, Any]:
    if isinstance(block, blocks.StructBlock):
        child = block.child_blocks.get(step)
        inner = value.get(step) if isinstance(value, blocks.StructValue) else None
        # One that has no label of its own is called by its name in code, in English.
        return (str(child.meta.label or "") if child else "", child, inner)
    children = value if isinstance(value, blocks.StreamValue) else ()
    if isinstance(value, ListValue):
        children = value.bound_blocks
    for number, child in enumerate(children, start=1):
        if child.id == step:
            label = f"{child.block.label or block.label} ({number})"
            words = _first_words(child.block, child.value)
            return f"{label}: {words}" if words else label, child.block, child.value
    return "", None, None


def _first_words(block: Block, value: object) -> str:
    """What a block of several texts is for, where it says so, else what it begins with, which is
    its heading where it has one.
    """
    if not isinstance(value, blocks.StructValue):
        return ""
    if told_place := getattr(block, "told_place", None):
        return str(told_place(value))
    texts = (
        str(value.get(name) or "")
        for name, child in block.child_blocks.items()
        if isinstance(child, TEXT_BLOCKS)
    )
    return Truncator(next(filter(None, texts), "")).chars(WORDS)


def reason_refused(text: str, source: str, place: Place) -> str:
    """Why a translation cannot stand in the source's place; empty when it can."""
    if len(text) > MAX_CHARACTERS:
        return _("It has more than %(number)s characters.") % {"number": MAX_CHARACTERS}
    if UNPRINTABLE.search(text):
        return _("It holds a character that cannot be shown.")
    if _signs(text) > _signs(source) + MAX_MORE_SIGNS:
        return _("It has far more of the signs & and < than the source.")
    if reason := _wrong_markup(text, source):
        return reason
    try:
        plain = StringValue.from_translated_html(text).render_text()
        validate_translation_links(source, text)
        if not plain.strip():
            return _("It shows nothing.")
        if place.field is not None:
            place.field.clean(
                *((plain, None) if isinstance(place.field, models.Field) else [plain])
            )
    except ValidationError as error:
        return " ".join(error.messages)
    except ValueError:
        return _("Its tags or signs cannot be read. Take them from the source.")
    # Where placeholders stand, the field has said which one it is.
    if _open_brackets(text) != _open_brackets(source):
        return _("A curly bracket stands alone in it.")
    return ""


def _open_brackets(text: str) -> int:
    return text.count("{") - text.count("}")


def _signs(text: str) -> int:
    return text.count("&") + text.count("<")


def _wrong_markup(text: str, source: str) -> str:
    """Tags must be those of the source, in any order. Line breaks are as many as one likes."""
    if OPENING.search(TAG.sub("", text)):
        return _("It holds a “<” that begins no tag of the source. Write &lt; for the sign itself.")
    wanted, given = _tags(source), _tags(text)
    missing, superfluous = wanted - given, given - wanted
    if missing:
        return _("The tags must be those of the source. Missing: %(tags)s") % {
            "tags": " ".join(missing.elements())
        }
    if superfluous:
        tags = " ".join(list(superfluous.elements())[:5])
        return _("The tags must be those of the source. Not in it: %(tags)s") % {"tags": tags}
    return ""


def _tags(text: str) -> Counter[str]:
    tags = Counter(
        f"<{slash}{name}{' '.join(['', *attributes.replace(chr(39), chr(34)).split()])}>"
        for slash, name, attributes in TAG.findall(text)
    )
    del tags["<br>"], tags["</br>"]
    return tags
