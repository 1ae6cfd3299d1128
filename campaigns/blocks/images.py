"""Pictures in blocks."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StructValue
from wagtail.images.blocks import ImageBlock, ImageBlockComparison, ImageChooserBlock
from wagtail.images.models import AbstractImage

from campaigns.blocks.pointed import KeptChoice


class OptionalImageComparison(ImageBlockComparison):
    """Wagtail's own fails, and the page of changes with it, where there is no picture."""

    def htmlvalue(self, val: AbstractImage | StructValue | None) -> SafeString:
        return mark_safe("") if val is None else super().htmlvalue(val)


class KeptImageChooserBlock(KeptChoice, ImageChooserBlock):
    prefetched = ("renditions",)


class KeptImageBlock(ImageBlock):
    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        super().__init__(required=required, **kwargs)
        # Wagtail's own makes its children itself.
        image = KeptImageChooserBlock(required=required)
        image.set_name("image")
        self.child_blocks["image"] = image


class OptionalImageBlock(KeptImageBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "required": False})

    def get_comparison_class(self) -> type[OptionalImageComparison]:
        return OptionalImageComparison
