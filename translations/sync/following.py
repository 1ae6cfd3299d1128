"""What a source takes out, moves or corrects is so in its translations at once.

A publisher answers for words. What is the same in every language needs no second answer: a block
that is gone, another order, a corrected address, a question that is no longer asked.
"""

import json
from collections import defaultdict
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Revision
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import (
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from translations.gaps import missing
from translations.models import TranslationState
from translations.submission import texts_of
from translations.sync.merging import Merge
from translations.sync.paragraphs import Paragraph

LOG_ACTION = "campaigns.follow_source"


@transaction.atomic
def follow(page: Page) -> list[Page]:
    """Brings a published source's translations in line with it; returns the live ones changed.

    Before their translators have its newest texts: what they had until now tells what has changed.
    """
    source = TranslationSource.objects.filter(
        object_id=page.translation_key, locale=page.locale_id
    ).first()
    current = type(page).objects.filter(pk=page.pk, live=True).first()
    if source is None or current is None or page.locale_id != Locale.get_default().pk:
        return []
    changed = []
    for translation in source.translations.filter(enabled=True).select_related("target_locale"):
        pages = type(page).objects.select_for_update(of=("self",))
        own = pages.filter(
            translation_key=page.translation_key, locale=translation.target_locale, alias_of=None
        ).first()
        if own is not None and _follow(current, own, translation):
            changed.append(own)
    return changed


def offer_known(page: Page) -> None:
    """Hands over the translations of a published source that are complete but not live as a whole.

    What came back into a source was translated before: nobody would look for it.
    """
    running = Translation.objects.filter(
        source__object_id=page.translation_key, source__locale=page.locale_id, enabled=True
    )
    for translation in running.select_related("source", "target_locale"):
        own = (
            type(page)
            .objects.filter(
                translation_key=page.translation_key, locale=translation.target_locale, live=True
            )
            .first()
        )
        if own is None or missing(translation):
            continue
        whole = translation.source.get_ephemeral_translated_instance(
            translation.target_locale, fallback=True
        )
        if texts_of(whole) != texts_of(own):
            TranslationState.objects.update_or_create(
                translation=translation, defaults={"ready_at": timezone.now(), "ready_by": None}
            )


def _follow(source: Page, own: Page, translation: Translation) -> bool:
    """Whether the live page is another one now. Its drafts are brought in line too."""
    merge = _merge(source, translation)
    waiting = Revision.objects.for_instance(own).filter(
        models.Q(pk=own.latest_revision_id) | models.Q(approved_go_live_at__isnull=False)
    )
    for revision in waiting.exclude(pk=own.live_revision_id):
        draft = revision.as_object()
        if names := _apply(merge, source, draft):
            content = draft.serializable_data()
            revision.content |= {name: content[name] for name in names}
            revision.save(update_fields=["content"])
    if not own.live:
        return False
    translation.source.update_target_view_restrictions(translation.target_locale)
    if not _apply(merge, source, own):
        return False
    _store(own)
    return True


def _store(own: Page) -> None:
    """Keeps the page as it is live now, with its history; a draft that waits stays the newest."""
    is_draft = own.latest_revision_id not in (None, own.live_revision_id)
    newest = own.latest_revision_id
    own.save(clean=False)
    revision = own.save_revision(changed=False, clean=False)
    own.live_revision = revision
    own.latest_revision_id = newest if is_draft else revision.pk
    own.save(update_fields=["live_revision", "latest_revision"], clean=False)
    log(instance=own, action=LOG_ACTION, revision=revision, content_changed=True)


def _apply(merge: Merge, source: Page, own: Page) -> list[str]:
    """Changes what is not as in the source, and names the fields."""
    changed = []
    for shared in get_translatable_fields(type(source)):
        name = shared.field_name
        field: Any = own._meta.get_field(name)
        # Slugs have rules of their own, see slugs.py.
        if name == "slug" or not shared.is_synchronized(source) or name in merge.overridden:
            continue
        if isinstance(field, StreamField):
            block, theirs = field.stream_block, list(getattr(source, name).get_prep_value())
            ours = list(getattr(own, name).get_prep_value())
            value = merge.stream(block, theirs, ours, name)
            if value != ours:
                setattr(own, name, block.to_python(value))
                changed.append(name)
        elif getattr(own, field.attname) != getattr(source, field.attname):
            setattr(own, field.attname, getattr(source, field.attname))
            changed.append(name)
    return changed


def _merge(source: Page, translation: Translation) -> Merge:
    key, locale = translation.source.object_id, translation.target_locale
    merge = Merge()
    before: dict[str, list[Paragraph]] = defaultdict(list)
    segments = StringSegment.objects.filter(source=translation.source).order_by("order")
    for path, text, links in segments.values_list("context__path", "string__data", "attrs"):
        before[path].append(Paragraph(text, json.loads(links or "null") or {}))
    merge.before = dict(before)
    stored = StringTranslation.objects.filter(context__object_id=key, locale=locale)
    for path, text, own in stored.values_list("context__path", "translation_of__data", "data"):
        merge.translated.setdefault(path, {})[own] = text
    for path, texts in texts_of(source).items():
        if any(letter.isalpha() for text in texts for letter in text.string.data):
            steps = path.split(".")
            merge.worded.update(".".join(steps[:end]) for end in range(1, len(steps) + 1))
    overrides = SegmentOverride.objects.filter(context__object_id=key, locale=locale)
    merge.overridden = set(overrides.values_list("context__path", flat=True))
    return merge
