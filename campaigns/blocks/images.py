"""A picture that may be left out."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StructValue
from wagtail.images.blocks import ImageBlock, ImageBlockComparison
from wagtail.images.models import AbstractImage


class OptionalImageComparison(ImageBlockComparison):
    """Wagtail's own fails, and the page of changes with it, where there is no picture."""

    def htmlvalue(self, val: AbstractImage | StructValue | None) -> SafeString:
        return mark_safe("") if val is None else super().htmlvalue(val)


class OptionalImageBlock(ImageBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "required": False})

    def get_comparison_class(self) -> type[OptionalImageComparison]:
        return OptionalImageComparison
