"""Translations that are known beforehand, put into wagtail-localize as a translator would."""

from collections import defaultdict

from django.db import transaction
from wagtail.models import Locale, Page, Revision, TranslatableMixin, get_translatable_models
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationLog,
    TranslationSource,
)
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.strings import StringValue

from accounts.models import User
from translations import slugs
from translations.memory import reuse
from translations.publishing import Instance, drop_untranslated, leave_out_untranslated


class UnpairedTextError(ValueError):
    """The two languages don't have the same number of texts at some place."""


def texts_of(instance: TranslatableMixin) -> dict[str, list[StringSegmentValue]]:
    """The translatable texts of a page or snippet by place, in reading order."""
    places: dict[str, list[StringSegmentValue]] = defaultdict(list)
    for segment in extract_segments(instance):
        if isinstance(segment, StringSegmentValue):
            places[segment.path].append(segment)
    return dict(places)


def submit(instance: TranslatableMixin, locale: Locale) -> Translation:
    """Puts an instance before the translators of a language, or brings that up to date."""
    source, _created = TranslationSource.update_or_create_from_instance(instance)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    reuse(translation)
    return translation


@transaction.atomic
def submit_everything(locale: Locale) -> tuple[int, int]:
    """Puts all that is written in the source language before the translators of another.

    What they have already stays as it is. Returns how many pages were
    new, and how many other records.
    """
    source = Locale.get_default()
    pages = Page.objects.filter(locale=source, alias_of=None, depth__gt=1).order_by("path")
    models = (model for model in get_translatable_models() if model is not Page)
    records = [record for model in models for record in model.objects.filter(locale=source)]
    new_pages = [page for page in pages.specific() if not page.has_translation(locale)]
    new_records = [record for record in records if not record.has_translation(locale)]
    for record in new_records:
        submit(record, locale)
    for page in new_pages:
        make_draft(submit(page, locale), page, locale)
    return len(new_pages), len(new_records)


def translate(instance: Instance, translated: Instance, locale: Locale) -> Instance:
    """Translates a page or snippet completely and publishes it; returns the translation.

    `translated` is an unsaved instance that holds the other language's texts under the same
    block ids. Running it again with the same texts changes nothing.

    Raises: UnpairedTextError.
    """
    translation = submit(instance, locale)
    changed = fill(translation, texts_of(instance), texts_of(translated))
    existing = instance.get_translation_or_none(locale)
    if isinstance(instance, Page) and not (existing and existing.live):
        publish(make_draft(translation, instance, locale))
    elif changed or existing is None:
        translation.save_target(publish=True)
    return instance.get_translation(locale)


def make_draft(translation: Translation, page: Page, locale: Locale) -> Page:
    """The page in the other language, not live, with what is translated so far.

    Not for a page that is live there: wagtail-localize would write into the live row.
    """
    translation.save_target(publish=False)
    return page.get_translation(locale)


def publish(page: Page) -> None:
    """Publishes the newest draft now, from the database's own row.

    wagtail-localize publishes after the commit, from a copy of the row that knows nothing of
    children added in the meantime, and so takes them out of the tree.
    """
    revision = page.get_latest_revision() or page.save_revision()
    revision.publish()


def publish_what_is_translated(translation: Translation, user: User | None = None) -> None:
    """Publishes a page with the texts that it has in the other language, and none of the source's.

    In one transaction, and without a word to the live row before that.

    Raises: ValidationError, with nothing changed.
    """
    with transaction.atomic():
        revision = make_new_draft(translation, user)
        drop_untranslated(revision)
        translation.source.update_target_view_restrictions(translation.target_locale)
        revision.publish(user=user)


def as_translated(translation: Translation) -> Page:
    """The page as publishing what is translated would make it; it is not to be saved.

    Raises: ValidationError.
    """
    page: Page = translation.source.get_ephemeral_translated_instance(
        translation.target_locale, fallback=True
    )
    leave_out_untranslated(page)
    return page


def make_new_draft(translation: Translation, user: User | None = None) -> Revision:
    """A draft with what is translated by now, of a page that may be live: its row stays as it is.

    Raises: ValidationError.
    """
    source, locale = translation.source, translation.target_locale
    page = source.get_ephemeral_translated_instance(locale, fallback=True)
    slugs.keep_possible(page)
    revision = page.save_revision(user=user)
    TranslationLog.objects.create(source=source, locale=locale, revision=revision)
    return revision


def fill(
    translation: Translation,
    source: dict[str, list[StringSegmentValue]],
    target: dict[str, list[StringSegmentValue]],
) -> bool:
    """Stores the target's texts beside the source's. True when one of them was new."""
    for place in source.keys() | target.keys():
        if len(source.get(place, [])) != len(target.get(place, [])):
            raise UnpairedTextError(f"{place} is not the same number of texts in both languages")
    segments = translation.source.stringsegment_set.select_related("string", "context")
    counters: dict[str, int] = defaultdict(int)
    changed = False
    for segment in segments.order_by("order"):
        place = segment.context.path
        text = target[place][counters[place]].string
        counters[place] += 1
        changed |= store(translation, segment, text)
    return changed


def store(translation: Translation, segment: StringSegment, text: StringValue) -> bool:
    """Stores a text as a translator's own work. True when it was not there yet."""
    place = {
        "translation_of": segment.string,
        "locale": translation.target_locale,
        "context": segment.context,
    }
    work = {
        "data": text.data,
        "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
        "has_error": False,
    }
    if StringTranslation.objects.filter(**place, **work).exists():
        return False
    StringTranslation.objects.update_or_create(**place, defaults={**work, "tool_name": ""})
    return True
