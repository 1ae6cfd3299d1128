"""What a translation still lacks, told from wagtail-localize's own records."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model
from wagtail.models import TranslatableMixin
from wagtail_localize.models import StringSegment, Translation, TranslationSource

from campaigns.matrix import drafts
from campaigns.memory import reuse


@dataclass(frozen=True)
class Gap:
    """A text without its translation. An essential one may not go live in another language."""

    field: str
    source: str
    is_essential: bool
    has_draft: bool = False


def translation_of(instance: TranslatableMixin) -> Translation | None:
    """The running translation that writes this page or snippet, if one does."""
    return (
        Translation.objects.filter(
            source__object_id=instance.translation_key,
            target_locale_id=instance.locale_id,
            enabled=True,
        )
        .select_related("source", "target_locale")
        .first()
    )


def gaps(translation: Translation, model: type[Model]) -> list[Gap]:
    """The texts that are missing, refused, or only drafted by machine, in reading order."""
    segments = (
        StringSegment.objects.filter(source=translation.source)
        .annotate_translation(translation.target_locale)
        .filter(translation=None)
        .annotate(has_draft=Exists(drafts(translation.target_locale)))
        .select_related("string", "context")
        .order_by("order")
    )
    return [_gap(segment, model) for segment in segments]


def _gap(segment: Any, model: type[Model]) -> Gap:
    field = segment.context.path.split(".")[0]
    # A model that names none has short texts only, all of which stand in sentences of pages.
    essential = getattr(model, "essential_texts", None)
    label = model._meta.get_field(field).verbose_name  # type: ignore[union-attr]
    is_essential = essential is None or field in essential
    return Gap(str(label), segment.string.data, is_essential, segment.has_draft)


def bring_up_to_date(page: Any) -> None:
    """Puts a published source before its translators; what is live in their languages stays."""
    source = TranslationSource.objects.filter(
        object_id=page.translation_key, locale_id=page.locale_id
    ).first()
    if source is None:
        return
    source.update_from_db()
    for translation in source.translations.filter(enabled=True).select_related("target_locale"):
        reuse(translation)
