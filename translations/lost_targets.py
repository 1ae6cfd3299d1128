"""What a block shows or leads to may be deleted. A translation then does without it, too.

Wagtail gives such a block no value and every template copes; wagtail-localize, which still holds
the texts that went with it, would fail whenever the page is translated, previewed or published.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import AbstractImage
from wagtail_localize.segments.ingest import StreamFieldSegmentsWriter as Writer
from wagtail_localize.segments.types import BaseValue

Handler = Callable[..., Any]


def tolerate() -> None:
    """Once, as the site starts."""
    Writer.handle_image_block = without_image(Writer.handle_image_block)
    Writer.handle_related_object_block = without_target(Writer.handle_related_object_block)


def without_image(handle: Handler) -> Handler:
    def handle_image(
        writer: Writer, block: ImageBlock, image: AbstractImage | None, segments: list[BaseValue]
    ) -> object:
        return None if image is None else handle(writer, block, image, segments)

    return handle_image


def without_target(handle: Handler) -> Handler:
    """Where another one was chosen for the other language and is gone, the source's stands."""

    def handle_related(writer: Writer, target: Model | None, segments: list[BaseValue]) -> object:
        try:
            return None if target is None else handle(writer, target, segments)
        except ObjectDoesNotExist:
            return target

    return handle_related
