"""Machine drafts, and their acceptance by a person."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import override
from wagtail_localize.machine_translators.base import BaseMachineTranslator
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.strings import StringValue

from accounts.models import User
from security.printable import printable
from translation_desk.machine.service import ask
from translation_desk.po.texts import Places, clean
from translations.memory import reuse
from translations.validation import reason_refused

# DeepL takes 50 texts at once; fewer let a slow service of one's own answer in time.
TEXTS_AT_A_TIME = 20
# The whole is done within a request: what is left by then waits for the next one.
SECONDS = 20


@dataclass(frozen=True)
class Made:
    drafts: int
    left: int


def draft(translation: Translation, service: BaseMachineTranslator) -> Made:
    """Writes drafts beside the texts that have nothing yet, each batch for good.

    Raises: ServiceError.
    """
    reuse(translation)
    waiting = _without_anything(translation)
    started = time.monotonic()
    made = 0
    while waiting and time.monotonic() - started < SECONDS:
        batch = [waiting.popitem() for _number in range(min(TEXTS_AT_A_TIME, len(waiting)))]
        made += _draft(translation, service, dict(batch))
    return Made(made, sum(len(segments) for segments in waiting.values()))


def _without_anything(translation: Translation) -> dict[StringValue, list[StringSegment]]:
    """By text, those in reading order last, so that they are taken first."""
    stored = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"),
        context_id=OuterRef("context_id"),
        locale=translation.target_locale,
    )
    waiting: dict[StringValue, list[StringSegment]] = defaultdict(list)
    segments = StringSegment.objects.filter(~Exists(stored), source=translation.source)
    for segment in segments.select_related("string").order_by("-order"):
        waiting[segment.string.as_value()].append(segment)
    return waiting


def _draft(
    translation: Translation,
    service: BaseMachineTranslator,
    batch: dict[StringValue, list[StringSegment]],
) -> int:
    answers = ask(service, translation, list(batch))
    with override(settings.LANGUAGE_CODE):
        tool = str(service.display_name)
    drafts = [
        StringTranslation(
            translation_of_id=segment.string_id,
            context_id=segment.context_id,
            locale=translation.target_locale,
            data=text,
            translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE,
            tool_name=tool,
            has_error=True,
        )
        for source, text in _usable(answers)
        for segment in batch.get(source, [])
    ]
    # Not one by one: saving a title would already show its draft in the admin's lists.
    StringTranslation.objects.bulk_create(drafts, ignore_conflicts=True)
    return len(drafts)


def _usable(answers: dict[Any, Any]) -> Iterator[tuple[StringValue, str]]:
    for source, answer in answers.items():
        text = getattr(answer, "data", None)
        if isinstance(text, str) and text.strip() and "\0" not in text:
            yield source, text.strip()


def accept(
    translation: Translation, rows: Iterable[StringTranslation], user: User | None
) -> list[tuple[StringTranslation, str]]:
    """Makes them a person's own; returns those that cannot stand there, with the reasons.

    These stay the drafts that they were.
    """
    places = Places(translation)
    refused = []
    for row in rows:
        source = row.translation_of.data
        row.data = printable(row.data)
        if reason := reason_refused(clean(row.data), clean(source), places[row.context.path]):
            refused.append((row, reason))
            continue
        row.translation_type = StringTranslation.TRANSLATION_TYPE_MANUAL
        row.tool_name = ""
        row.last_translated_by = user
        row.has_error, row.field_error = False, ""
        row.save()
    return refused
