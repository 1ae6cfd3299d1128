"""Everything that a visitor reads can be translated where it is edited, or is shared on purpose."""

import datetime
import re
import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import models
from django.db.models import Model
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import Promise
from django_countries.fields import CountryField
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, TranslatableMixin, get_translatable_models
from wagtail_localize.fields import SynchronizedField, get_translatable_fields
from wagtail_localize.models import TranslationSource
from wagtail_localize.views.edit_translation import TabHelper

from campaigns.models import CityName, UpdatePage
from home.models import ContentPage
from library.models import Image
from tests.support.kinds import SmallSite
from translations.blocks import Verbatim

pytestmark = pytest.mark.any_database

# What editors write here is the same in every language, and said to be so by its class.
SHARED_BLOCKS = (Verbatim,)
# What holds no text of its own, or, as a choice, text that the interface's catalogue translates.
TEXTLESS_BLOCKS = (
    blocks.BooleanBlock,
    blocks.ChooserBlock,
    blocks.ChoiceBlock,
    blocks.DateBlock,
    blocks.IntegerBlock,
    blocks.URLBlock,
)


# What records hold is the same in every language: names, addresses, and what people wrote.
SHARED_FIELDS = {
    # Keyed hashes and keys.
    "Allowance": {"mailbox", "kind"},
    "Bucket": {"key"},
    # What a recipient wrote, in one language, and its translations in others.
    "Answer": {"signed_as", "text"},
    "AnswerLink": {"mailbox", "language"},
    "AnswerTranslation": {"language", "text"},
    # A form as somebody filled it in, and what two people wrote to each other.
    "ChangeRequest": {
        *("address", "changed", "data", "permission", "records", "before", "note", "reason"),
    },
    # What a card says, in its language, and where its file is.
    "Card": {"alt", "digest", "language"},
    "City": {"key", "region"},
    # Of what a process keeps.
    "Change": {"topic", "record"},
    "Contact": {"name", "email"},
    # Names of acts, keys of rows, and reasons as whoever acted wrote them.
    "Approval": {"act", "subject", "reason", "answer"},
    "AuditEntry": {"act", "row", "reason"},
    "DayKey": {"secret"},
    "Digest": {"period", "language"},
    # A credit carries the language that it is in; the permission is for editors alone.
    "Document": {"title", "file_hash", "credit", "permission"},
    "Done": {"what"},
    "Erased": {"what", "subject"},
    "Erasure": {"act"},
    # Its columns are in the language of whoever asked for it.
    "Export": {"purpose", "reason", "language", "key"},
    # A term stands in the source language, and its note is for translators; its translations have
    # a language each.
    "GlossaryTerm": {"term", "note"},
    "GlossaryTranslation": {"forms"},
    "HashKey": {"secret"},
    # What was handed over, in each language of its files.
    "Delivery": {"code", "recipients", "languages", "totals", "checksums", "receipt"},
    "ExpiredNumber": {"language", "reason"},
    "Hold": {"reason"},
    "Invalidation": {"chosen", "note"},
    "HourlyIntegrity": {"by_day", "by_language", "invalidated", "languages"},
    "HourlyPlaces": {"by_country", "counted"},
    # What a picture shows is told where it is used, in the language of the page.
    "Image": {"title", "description", "file_hash", "credit", "permission"},
    "Job": {"kind", "payload", "error"},
    "Launch": {"events"},
    # What a table says, and what was made of it.
    "LaunchItem": {"made", "row"},
    "Pack": {"email", "files", "key"},
    "Petition": {"time_zone", "hidden_blocks"},
    # A source’s title and publisher carry the language that they are in.
    "PetitionEvent": {"source_title", "source_publisher", "source_url", "archived_url"},
    "PlaceTally": {"country"},
    # What browsers and our own addresses are named by.
    "PolicyReport": {"directive", "blocked", "page"},
    # For staff, as the office gives them; what is public has words in each language.
    "Recipient": {"email", "phone", "postal_address", "clerk", "source", "source_url"},
    "RecipientWords": {"title", "name", "to_name", "of_name", "address"},
    "Rendition": {"filter_spec", "focal_point_key"},
    "Report": {"checksum", "part", "reasons"},
    "Session": {"session_key", "session_data", "browser"},
    "Signature": {
        *("language", "mailbox_key", "name_key", "email", "name", "comment", "answers", "postcode"),
        *("name_checksum", "comment_checksum", "named_to"),
    },
    "SigningKey": {"public", "secret"},
    # What staff write to each other.
    "SitePause": {"reason"},
    "SourceCheck": {"address"},
    # What one person wrote, in one language.
    "Submission": {
        *("language", "details", "content_key", "mailbox"),
        *("network", "domain_key", "domain", "reader_key"),
    },
    "Suppression": {"mailbox_key"},
    "Sweep": {"chosen", "note", "reason"},
    "TallyChange": {"mailbox_key", "country"},
    # Made from a page’s words in the page’s language.
    "TextVersion": {"language", "title", "ask", "consent", "checksum"},
    "TieEvent": {"source_title", "source_publisher", "source_url", "archived_url"},
    "UsedKey": {"id", "proof"},
    "User": {"username", "password", "first_name", "last_name", "email"},
    "Version": {"name"},
    "Wave": {"trait"},
}
# One way for a day and one for a moment, or a page has both 12/1/2026 and Dec. 1, 2026.
LOCAL_FORMS = {"DATE_FORMAT", "DATETIME_FORMAT", "H:i", "T"}
TEXT_FIELDS = (models.CharField, models.TextField, models.JSONField)
ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"


def our_apps() -> set[str]:
    """Those that live in the project, whichever they are."""
    return {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}


def our_models() -> list[type[TranslatableMixin]]:
    return [
        model
        for model in get_translatable_models(include_subclasses=True)
        if model._meta.app_label in our_apps()
    ]


def our_records() -> list[type[models.Model]]:
    """The models that have no row per language."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in our_apps() and not issubclass(model, TranslatableMixin)
    ]


def own_fields(model: type[Model]) -> list[Any]:
    inherited = {"title", "seo_title", "search_description"} if issubclass(model, Page) else set()
    return [
        field
        for field in model._meta.concrete_fields
        if field.model._meta.app_label in our_apps() or field.name in inherited
    ]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_text_field_is_translated_or_shared_on_purpose(model: type[Model]) -> None:
    declared = {field.field_name for field in get_translatable_fields(model)}
    for field in own_fields(model):
        is_text = isinstance(field, (*TEXT_FIELDS, StreamField))
        if is_text and field.editable and not field.choices:
            assert field.name in declared, f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_translated_field_is_before_its_translators(model: type[Model], db: None) -> None:
    """wagtail-localize shows no field without a panel, and yet waits for its translation."""
    shown = TabHelper(model()).field_tab_mapping
    for field in get_translatable_fields(model):
        model_field = model._meta.get_field(field.field_name)
        if isinstance(model_field, TEXT_FIELDS) and not isinstance(field, SynchronizedField):
            assert field.field_name in shown, f"{model.__name__}.{field.field_name}"


@pytest.mark.parametrize("model", our_records(), ids=lambda model: model.__name__)
def test_every_text_of_a_record_is_shared_on_purpose(model: type[Model]) -> None:
    texts = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, TEXT_FIELDS) and not field.choices
    }
    assert texts == SHARED_FIELDS.get(model.__name__, set())


def choices_of(block: blocks.Block) -> Iterator[tuple[Any, Any]]:
    if isinstance(block, blocks.ChoiceBlock | blocks.MultipleChoiceBlock):
        given = block._constructor_kwargs["choices"]
        yield from () if callable(given) else given
    for child in getattr(block, "child_blocks", {}).values():
        yield from choices_of(child)
    if isinstance(block, blocks.ListBlock):
        yield from choices_of(block.child_block)


def test_every_choice_has_a_label_that_the_interfaces_catalogue_translates() -> None:
    """Those that a function gives are asked for anew whenever they are shown."""
    for model in (*our_models(), *our_records()):
        for field in own_fields(model):
            if isinstance(field, StreamField):
                given = list(choices_of(field.stream_block))
            elif isinstance(field, CountryField):
                given = []
            else:
                is_function = isinstance(field.choices, CallableChoiceIterator)
                given = [] if is_function else field.choices or []
            for value, label in given:
                # The names of Creative Commons' licenses are the same in every language.
                if field.name == "license" and str(value).startswith("cc"):
                    continue
                assert isinstance(label, Promise), f"{model.__name__}.{field.name}: {label}"


def templates() -> list[Path]:
    return [path for path in sorted(TEMPLATES.rglob("*")) if path.suffix in (".html", ".txt")]


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_hold_no_word_outside_the_catalogue(path: Path) -> None:
    text = path.read_text()
    for block in ("blocktranslate", "comment"):
        text = re.sub(rf"{{%\s*{block}\b.*?end{block}\s*%}}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", text, flags=re.DOTALL)
    document = BeautifulSoup(text, "html.parser")
    words = list(document.stripped_strings)
    for tag in document.find_all(True):
        words += [str(tag.get(name, "")) for name in ("alt", "aria-label", "placeholder", "title")]
    written = {word for each in words for word in re.findall(r"[^\W\d_]{2,}", each)}
    # The last is a class of Wagtail's, by a block of its own.
    assert written <= {"doctype", "html", "HTML", "CSV", "XLSX", "Pidpys", "login"}


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_dates_are_shown_in_local_form(path: Path) -> None:
    """The others are for programs: an attribute `datetime`, an hour and its zone."""
    found = re.findall(r"""(datetime="{{ )?[\w.]+\|date:['"]([^'"]+)""", path.read_text())
    for attribute, form in found:
        assert attribute or form in LOCAL_FORMS


def test_code_tells_days_and_moments_as_templates_do() -> None:
    modules = [path for app in our_apps() for path in (ROOT / app).rglob("*.py")]
    assert len(modules) > 300
    assert [str(path) for path in modules if "SHORT_DATE" in path.read_text()] == []


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

    def value(self, block: blocks.Block) -> object:
        if isinstance(block, blocks.ChooserBlock):
            return None
        if isinstance(block, SHARED_BLOCKS):
            return "https://shared.example/" if isinstance(block, blocks.URLBlock) else "en"
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


def test_the_po_file_of_a_page_holds_every_text_of_it(site: SmallSite) -> None:
    image = Image.objects.create(title="A picture", file=get_test_image_file())
    pages = [
        type(stale).objects.get(pk=stale.pk)
        for stale in (site["home"]["en"], site["campaign"]["en"], site["portland"]["en"])
    ]
    pages[0].add_child(instance=ContentPage(title="About", slug="about", locale=pages[0].locale))
    pages[1].add_child(instance=UpdatePage(title="News", slug="first", locale=pages[1].locale))
    pages += [ContentPage.objects.get(), UpdatePage.objects.get()]
    assert {type(page) for page in pages} == {
        model for model in our_models() if issubclass(model, Page)
    }
    for page in pages:
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
        assert len(writer.texts) > 2
        assert exported == writer.texts, type(page).__name__


def test_the_po_file_of_a_city_holds_its_name_and_forms(site: SmallSite) -> None:
    name = CityName.objects.get(name="Portland")
    source, _created = TranslationSource.update_or_create_from_instance(name)
    assert {entry.msgid for entry in source.export_po()} == {
        *("Portland", "of Portland", "in Portland", "with Portland", "Oregon"),
    }
