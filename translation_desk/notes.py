"""What a translator should look at in one translation, text by text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from campaigns.placeholders import missing_in_words
from translation_desk.editor.emptied import is_emptied
from translation_desk.editor.labels import labels
from translation_desk.glossary.matching import Glossary, GlossaryEntry
from translations.markup import plain_text
from translations.panels import in_reading_order
from translations.queries import is_draft, is_from_memory

ENGLISH_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b")


@dataclass(frozen=True)
class Note:
    """A translated text that was drafted, reused, lacks a placeholder or breaks the glossary."""

    segment: StringSegment
    row: StringTranslation
    place: str
    broken: list[GlossaryEntry]

    @property
    def source(self) -> str:
        return str(self.segment.string.data)

    @property
    def words(self) -> str:
        return plain_text(self.source)

    @property
    def anchor(self) -> str:
        """Where the translation's editor shows it."""
        return f"#text-{self.segment.pk}"

    @property
    def is_draft(self) -> bool:
        return is_draft(self.row)

    @property
    def is_reused(self) -> bool:
        return is_from_memory(self.row)

    @property
    def is_worth_showing(self) -> bool:
        return self.is_draft or self.is_reused or bool(self.remarks)

    @property
    def lacking(self) -> str:
        """What is said of placeholders that are not in it."""
        return missing_in_words(self.source, self.row.data)

    @property
    def origin(self) -> str:
        day = date_format(timezone.localtime(self.row.updated_at), "DATE_FORMAT")
        if self.is_draft:
            words = _(
                "A machine draft (%(tool)s, %(day)s). It shows nowhere until somebody accepts it."
            )
            return words % {"tool": self.row.tool_name, "day": day}
        if self.is_reused:
            return _("Reused on %(day)s from another place. Does it fit here?") % {"day": day}
        return ""

    @property
    def remarks(self) -> list[str]:
        return [*filter(None, [self.lacking]), *(remark(entry) for entry in self.broken)]

    def mark(self, shown: dict[str, Any]) -> None:
        """Says it beside the text in wagtail-localize's editor, too, which `shown` is sent to."""
        if self.is_draft:
            shown["error"] = " ".join([self.origin, *self.remarks])
        else:
            first = self.origin or shown["comment"] or ""
            shown["comment"] = " ".join([first, *self.remarks]).strip()


def date_in_words(shown: dict[str, Any]) -> None:
    """Wagtail-localize names the month of a comment in English, whatever the language."""
    shown["comment"] = ENGLISH_DATE.sub(
        lambda found: date_format(datetime.strptime(found[0], "%d %B %Y"), "DATE_FORMAT"),
        shown["comment"] or "",
    )


@dataclass
class Notes:
    """All of a translation's; the terms are those of its source, translated or not."""

    notes: list[Note] = field(default_factory=list)
    terms: list[GlossaryEntry] = field(default_factory=list)

    @property
    def drafts(self) -> list[Note]:
        return [note for note in self.notes if note.is_draft]

    @property
    def reused(self) -> list[Note]:
        return [note for note in self.notes if note.is_reused]

    @property
    def broken(self) -> list[Note]:
        return [note for note in self.notes if note.broken]

    @property
    def lacking(self) -> list[Note]:
        return [note for note in self.notes if note.lacking]


def remark(entry: GlossaryEntry) -> str:
    words = {"term": entry.term.term, "expected": entry.expected}
    if entry.is_kept:
        return _("The glossary keeps “%(term)s” as it is.") % words
    return _("The glossary has “%(expected)s” for “%(term)s”.") % words


def notes_of(translation: Translation, model: type[Model]) -> Notes:
    """In reading order. Takes a constant number of queries."""
    glossary = Glossary.load(translation.target_locale)
    segments = StringSegment.objects.filter(source=translation.source)
    found = Notes()
    terms: dict[Any, GlossaryEntry] = {}
    rows = _rows(translation)
    named = labels(translation, model)
    for segment in in_reading_order(segments.select_related("string", "context"), model):
        terms |= {entry.term.pk: entry for entry in glossary.terms_in(segment.string.data)}
        row = rows.get((segment.string_id, segment.context_id))
        if row is None or is_emptied(row):
            continue
        broken = glossary.broken_in(segment.string.data, row.data)
        note = Note(segment, row, str(named[segment.pk]), broken)
        if note.is_worth_showing:
            found.notes.append(note)
    found.terms = sorted(terms.values(), key=lambda entry: entry.term.term.casefold())
    return found


def note_of(translation: Translation, segment: StringSegment) -> Note | None:
    """That of one text, where it has a translation."""
    row = _rows(translation).get((segment.string_id, segment.context_id))
    if row is None:
        return None
    glossary = Glossary.load(translation.target_locale)
    return Note(segment, row, "", glossary.broken_in(segment.string.data, row.data))


def _rows(translation: Translation) -> dict[tuple[int, int | None], StringTranslation]:
    rows: Iterable[StringTranslation] = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale
    )
    return {(row.translation_of_id, row.context_id): row for row in rows}
