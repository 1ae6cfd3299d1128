"""What the page's form would refuse in its blocks, for the ways of publishing that have no form.

A draft may lack what is required, and what a block shows or leads to may be deleted since.
"""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.blocks import Block, StreamValue, StructBlock
from wagtail.fields import StreamField
from wagtail.models import Page


def unfit_blocks(page: Page) -> list[str]:
    """The reasons, each after the block that it is about."""
    fields = [field for field in page._meta.get_fields() if isinstance(field, StreamField)]
    return [reason for field in fields for reason in in_field(field, getattr(page, field.name))]


def in_field(field: StreamField, value: StreamValue) -> Iterator[str]:
    try:
        field.stream_block.clean(value)
    except ValidationError as error:
        yield from placed(capfirst(str(field.verbose_name)), of_the_whole(error))
        for number, inner in getattr(error, "block_errors", {}).items():
            block = value[number].block
            place = _("Block %(number)s (%(kind)s)") % {"number": number + 1, "kind": block.label}
            yield from placed(place, reasons_in_block(block, inner))


def reasons_in_block(block: Block, error: ValidationError) -> Iterator[str]:
    yield from of_the_whole(error)
    for key, inner in getattr(error, "block_errors", {}).items():
        if isinstance(block, StructBlock):
            part: Block = block.child_blocks[key]
            yield from placed(str(part.label), reasons_in_block(part, inner))
        else:
            yield from reasons_in_block(block.child_block, inner)


def of_the_whole(error: ValidationError) -> list[str]:
    own = getattr(error, "non_block_errors", None)
    if own is None:
        return list(error.messages)
    return [message for each in own.as_data() for message in each.messages]


def placed(place: str, reasons: Iterable[str]) -> Iterator[str]:
    return (f"{place}: {reason}" for reason in reasons)
