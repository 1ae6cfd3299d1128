"""What a translator has to do: texts that are new, and texts that have changed since they were
translated, with the difference.

wagtail-localize keeps the translation of a text that its source no longer has. What stood at the
same place is so what the translator knew.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Model
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from translation_desk.editor.emptied import EMPTIED
from translation_desk.editor.labels import labels
from translations.gaps import Gap, gaps

# Below this, two paragraphs of one text are not the same one changed.
ALIKE = 0.5
TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    text: str
    is_different: bool


@dataclass(frozen=True)
class TextChange:
    """A text that waits; `previous_translation` is that of what it was before, if any."""

    gap: Gap
    place: str
    before: list[Piece]
    now: list[Piece]
    previous_translation: str = ""
    # Whether the source is as it was: somebody took the translation away.
    is_emptied: bool = False


def tasks(translation: Translation, model: type[Model]) -> list[TextChange]:
    """What waits, in reading order."""
    former, emptied = _former(translation), _emptied(translation)
    named = labels(translation, model)
    found = []
    for gap in gaps(translation, model):
        place = str(named[gap.segment]) if gap.segment else gap.field
        if words := emptied.get((gap.path, gap.source)):
            found.append(TextChange(gap, place, [], [], words, is_emptied=True))
        else:
            found.append(_text_change(gap, place, former[gap.path]))
    return found


def _emptied(translation: Translation) -> dict[tuple[str, str], str]:
    """What was taken away, by the place and the text of the source."""
    rows = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id,
        locale=translation.target_locale_id,
        tool_name=EMPTIED,
    )
    found = rows.values_list("context__path", "translation_of__data", "data")
    return {(path, source): words for path, source, words in found}


def _former(translation: Translation) -> dict[str, list[StringTranslation]]:
    """Translations of what the source had before, by place, the newest first."""
    current = set(
        StringSegment.objects.filter(source=translation.source_id).values_list(
            "context_id", "string_id"
        )
    )
    stored = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale_id
    ).select_related("context", "translation_of")
    places: dict[str, list[StringTranslation]] = defaultdict(list)
    for each in stored.order_by("-updated_at", "-pk"):
        if each.context and (each.context_id, each.translation_of_id) not in current:
            places[each.context.path].append(each)
    return places


def _text_change(gap: Gap, place: str, candidates: list[StringTranslation]) -> TextChange:
    """Takes what the text was before out of the candidates."""
    found: Any = None
    if gap.is_alone:
        found = candidates[0] if candidates else None
    else:
        alike = [(likeness(each.translation_of.data, gap.source), each) for each in candidates]
        best = max((ratio for ratio, _each in alike), default=0.0)
        found = next((each for ratio, each in alike if ratio == best >= ALIKE), None)
    if found is None:
        return TextChange(gap, place, [], [Piece(gap.source, is_different=False)])
    candidates.remove(found)
    before, now = compare(found.translation_of.data, gap.source)
    return TextChange(gap, place, before, now, found.data)


def likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, TOKENS.findall(one), TOKENS.findall(other), False).ratio()


def compare(before: str, now: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, word by word."""
    old, new = TOKENS.findall(before), TOKENS.findall(now)
    lines: tuple[list[Piece], list[Piece]] = ([], [])
    for kind, *bounds in SequenceMatcher(None, old, new, False).get_opcodes():
        texts = ("".join(old[bounds[0] : bounds[1]]), "".join(new[bounds[2] : bounds[3]]))
        for line, text in zip(lines, texts, strict=True):
            if text:
                line.append(Piece(text, kind != "equal"))
    return lines
