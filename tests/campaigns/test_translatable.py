"""Everything that a visitor reads can be translated where it is edited, or is shared on purpose."""

import datetime
import uuid
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, TranslatableMixin, get_translatable_models
from wagtail_localize.fields import SynchronizedField, get_translatable_fields
from wagtail_localize.models import TranslationSource

from campaigns.blocks import VerbatimCharBlock, VerbatimURLBlock
from campaigns.models import CityName

# What editors write here is the same in every language, and said to be so by its class.
SHARED_BLOCKS = (VerbatimCharBlock, VerbatimURLBlock)
# What holds no text of its own, or, as a choice, text that the interface's catalogue translates.
TEXTLESS_BLOCKS = (
    blocks.BooleanBlock,
    blocks.ChooserBlock,
    blocks.ChoiceBlock,
    blocks.DateBlock,
    blocks.IntegerBlock,
    blocks.URLBlock,
)


def our_models() -> list[type[TranslatableMixin]]:
    return [
        model
        for model in get_translatable_models(include_subclasses=True)
        if model._meta.app_label in ("campaigns", "home")
    ]


def own_fields(model: Any) -> list[Any]:
    inherited = {"title", "seo_title", "search_description"} if issubclass(model, Page) else set()
    return [
        field
        for field in model._meta.concrete_fields
        if field.model._meta.app_label in ("campaigns", "home") or field.name in inherited
    ]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_text_field_is_translated_or_shared_on_purpose(model: Any) -> None:
    declared = {field.field_name for field in get_translatable_fields(model)}
    for field in own_fields(model):
        is_text = isinstance(field, models.CharField | models.TextField | StreamField)
        if is_text and field.editable and not field.choices:
            assert field.name in declared, f"{model.__name__}.{field.name}"


class Writer:
    """Writes a text of its own into every place of a block, and notes those to be translated."""

    def __init__(self, image: Image) -> None:
        self.numbers = count(1)
        self.image = image
        self.texts: set[str] = set()

    def text(self) -> str:
        text = f"Text {next(self.numbers)}"
        self.texts.add(text)
        return text

    def item(self, name: str, block: blocks.Block) -> dict[str, Any]:
        return {"type": name, "value": self.value(block), "id": str(uuid.uuid4())}

    def value(self, block: blocks.Block) -> Any:
        if isinstance(block, SHARED_BLOCKS):
            return "https://shared.example/" if "URL" in type(block).__name__ else "en"
        if isinstance(block, ImageBlock):
            return {"image": self.image.pk, "alt_text": self.text(), "decorative": False}
        if isinstance(block, blocks.StreamBlock):
            return [self.item(name, child) for name, child in block.child_blocks.items()]
        if isinstance(block, blocks.StructBlock):
            return {name: self.value(child) for name, child in block.child_blocks.items()}
        if isinstance(block, blocks.ListBlock):
            return [self.item("item", block.child_block) for _ in range(2)]
        if isinstance(block, blocks.RichTextBlock):
            return f"<p>{self.text()}</p>"
        if isinstance(block, blocks.CharBlock | blocks.TextBlock):
            return self.text()
        if isinstance(block, blocks.DateBlock):
            return datetime.date(2022, 2, 24).isoformat()
        assert isinstance(block, TEXTLESS_BLOCKS), f"{type(block).__name__} holds what?"
        return None


def streams(page: Page) -> Iterator[tuple[str, blocks.StreamBlock]]:
    for field in own_fields(type(page)):
        if isinstance(field, StreamField):
            yield field.name, field.stream_block


def test_the_po_file_of_a_page_holds_every_text_of_it(site: dict[str, Any]) -> None:
    image = Image.objects.create(title="A picture", file=get_test_image_file())
    for stale in (site["home"]["en"], site["campaign"]["en"], site["portland"]["en"]):
        page = type(stale).objects.get(pk=stale.pk)
        writer = Writer(image)
        for name, block in streams(page):
            setattr(page, name, block.to_python(writer.value(block)))
        for field in get_translatable_fields(type(page)):
            model_field = page._meta.get_field(field.field_name)
            is_text = isinstance(model_field, models.CharField | models.TextField)
            if is_text and not isinstance(field, SynchronizedField):
                setattr(page, field.field_name, writer.text())
        page.save()
        source, _created = TranslationSource.update_or_create_from_instance(page)
        exported = {entry.msgid for entry in source.export_po()}
        assert len(writer.texts) > 3
        assert exported == writer.texts, type(page).__name__


def test_the_po_file_of_a_city_holds_its_name_and_forms(site: dict[str, Any]) -> None:
    name = CityName.objects.get(name="Portland")
    source, _created = TranslationSource.update_or_create_from_instance(name)
    assert {entry.msgid for entry in source.export_po()} == {
        *("Portland", "of Portland", "in Portland", "with Portland", "Oregon"),
    }
