"""Which texts wait in a language, and whose words a stored translation is, told from
wagtail-localize's own records.

A stored translation is a person's, another place's, or a machine's.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation

# Stored with what the memory offers, so the same in every language of the admin.
MEMORY = "translation memory"

# What a machine wrote and nobody has accepted. It is kept with an error, and wagtail-localize
# leaves out what has one: it shows nowhere, and counts as missing, until a person accepts it.
DRAFTS = Q(translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE, has_error=True) & ~Q(
    tool_name=MEMORY
)


def is_from_memory(translation: StringTranslation) -> bool:
    """Whether it came from another place, and nobody has looked at it here."""
    by_machine = translation.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE
    return by_machine and translation.tool_name == MEMORY


def is_draft(translation: StringTranslation) -> bool:
    by_machine = translation.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE
    return by_machine and translation.has_error and translation.tool_name != MEMORY


def untranslated(locale: Locale | OuterRef) -> QuerySet[StringSegment]:
    """The texts of all sources that are not translated into a language."""
    done = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"),
        context_id=OuterRef("context_id"),
        locale=locale,
        has_error=False,
    )
    submitted = Translation.objects.filter(
        source_id=OuterRef("source_id"), target_locale=locale, enabled=True
    )
    return StringSegment.objects.filter(Exists(submitted), ~Exists(done))


def drafts(locale: Locale | OuterRef) -> QuerySet[StringTranslation]:
    """The draft beside a text, as a subquery on texts."""
    return StringTranslation.objects.filter(
        DRAFTS,
        translation_of_id=OuterRef("string_id"),
        context_id=OuterRef("context_id"),
        locale=locale,
    )


def translations(locale: Locale) -> QuerySet[Any]:
    """The running translations into a language, each `since` when it is incomplete if it is."""
    running = Translation.objects.filter(target_locale=locale, enabled=True)
    return running.annotate(since=Coalesce("state__stale_since", "created_at"))


def stopped(locale: Locale) -> QuerySet[Translation]:
    """The translations into a language that somebody stopped."""
    return Translation.objects.filter(target_locale=locale, enabled=False)


def has_gaps(locale: Locale) -> Exists:
    """The condition on sources that some text of theirs waits in a language."""
    return Exists(
        untranslated(locale).filter(
            source__object_id=OuterRef("translation_key"), source__locale=OuterRef("locale")
        )
    )


def waiting_before(moment: datetime, locale: Locale) -> Q:
    """The condition on sources that some text of theirs waits since before a moment."""
    old = translations(locale).filter(since__lt=moment)
    return Q(has_gaps(locale)) & Q(translation_key__in=old.values("source__object_id"))
