"""What a translation still lacks, told from wagtail-localize's own records."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Model
from django.utils import timezone
from wagtail.models import TranslatableMixin
from wagtail_localize.models import StringSegment, Translation, TranslationSource

from translations.markup import plain_text
from translations.memory import reuse
from translations.models import TranslationState
from translations.panels import in_reading_order
from translations.queries import drafts, untranslated


@dataclass(frozen=True)
class Gap:
    """A text without its translation. An essential one may not go live in another language."""

    path: str
    field: str
    source: str
    is_essential: bool
    segment: int | None = None
    # Whether it is the only text of its place: a text of several paragraphs has as many.
    is_alone: bool = True
    has_draft: bool = False
    # Where it is translated, if elsewhere than in the page's own editor.
    address: str = ""

    @property
    def words(self) -> str:
        """The text as a list of such texts tells it: in one line, without its markup."""
        return " ".join(plain_text(self.source).split())

    @property
    def anchor(self) -> str:
        """Where the translation's editor shows it."""
        return f"#text-{self.segment}" if self.segment else ""


def translation_of(instance: TranslatableMixin) -> Translation | None:
    """The running translation that writes this page or snippet, if one does."""
    return (
        Translation.objects.filter(
            source__object_id=instance.translation_key,
            target_locale_id=instance.locale_id,
            enabled=True,
        )
        .select_related("source", "target_locale", "state")
        .first()
    )


def gaps(translation: Translation, model: type[Model]) -> list[Gap]:
    """The texts that are missing, refused, or only drafted by machine, in reading order."""
    segments = (
        untranslated(translation.target_locale)
        .filter(source=translation.source)
        .select_related("string", "context")
        .annotate(has_draft=Exists(drafts(translation.target_locale)))
    )
    several = {
        path
        for path, number in StringSegment.objects.filter(source=translation.source)
        .values_list("context__path")
        .annotate(number=Count("pk"))
        if number > 1
    }
    return [
        gap_of(
            model,
            segment.context.path,
            segment.string.data,
            segment.pk,
            segment.context.path not in several,
            segment.has_draft,
        )
        for segment in in_reading_order(segments, model)
    ]


def gap_of(
    model: type[Model],
    path: str,
    text: str,
    segment: int | None = None,
    is_alone: bool = True,
    has_draft: bool = False,
) -> Gap:
    field = path.split(".")[0]
    # A model that names none has short texts only, all of which stand in sentences of pages.
    essential = getattr(model, "essential_texts", None)
    label = model._meta.get_field(field).verbose_name  # type: ignore[union-attr]
    is_essential = essential is None or field in essential
    return Gap(path, str(label), text, is_essential, segment, is_alone, has_draft)


def name_gaps(instance: TranslatableMixin) -> list[Gap]:
    """The names that a page's language lacks, where its sentences are made of names."""
    page = getattr(instance, "specific", instance)
    return page.name_gaps() if hasattr(page, "name_gaps") else []


@contextmanager
def marking_stale(source: TranslationSource) -> Iterator[list[Translation]]:
    """Notes which of a source's translations an update inside leaves incomplete, and since when.

    Texts that are translated elsewhere are reused first.
    """
    running = list(source.translations.filter(enabled=True).select_related("target_locale"))
    before = {translation.pk: missing(translation) for translation in running}
    yield running
    for translation in running:
        reuse(translation)
        now, known = missing(translation), before[translation.pk]
        if now - known:
            changes: dict[str, Any] = {"ready_at": None, "ready_by": None}
            if not known:
                changes["stale_since"] = timezone.now()
            TranslationState.objects.update_or_create(translation=translation, defaults=changes)


def missing(translation: Translation) -> set[tuple[int, int]]:
    """Contexts and strings of the texts that wait."""
    segments = untranslated(translation.target_locale).filter(source=translation.source_id)
    return set(segments.values_list("context_id", "string_id"))


def resync(instance: TranslatableMixin) -> None:
    """Puts a published source before its translators; what is live in their languages stays."""
    source = TranslationSource.objects.filter(
        object_id=instance.translation_key, locale_id=instance.locale_id
    ).first()
    if source is not None:
        with marking_stale(source):
            source.update_from_db()


def clear_handover(page: TranslatableMixin) -> None:
    """A translation that went live waits for nobody to publish it."""
    TranslationState.objects.filter(
        translation__source__object_id=page.translation_key,
        translation__target_locale=page.locale_id,
    ).update(ready_at=None, ready_by=None)
