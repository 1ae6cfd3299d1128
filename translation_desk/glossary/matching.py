"""Finding the glossary's terms in texts, and translations that don't keep to them.

A text is cut into words, so that letter case, markup, line breaks and hyphens make no difference,
and so that the time it takes grows with the text's length and no faster.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from wagtail.models import Locale

from translation_desk.models import GlossaryTerm, GlossaryTranslation
from translations.markup import plain_text

# One apostrophe for all; stress marks, soft hyphens and what has no width are not letters.
SAME = str.maketrans(dict.fromkeys("'ʼ‘`ʹ′", "’") | dict.fromkeys("\u0301\u00ad\u200b\u200d\u2060"))
PLACEHOLDER = re.compile(r"\{\w*\}")
WORD = re.compile(r"[^\W_]+(?:’[^\W_]+)*")
# What may stand between the words of one term.
JOINED = re.compile(r"[\s\-‐‑–]*")
POSSESSIVE = "’s"


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    folded: str
    is_joined: bool  # to the word before it, as within a term
    has_star: bool


def words_of(html: str) -> list[Word]:
    """The words of a text, which may be a fragment of HTML."""
    plain = plain_text(html)
    plain = PLACEHOLDER.sub("{}", unicodedata.normalize("NFC", plain).translate(SAME))
    words: list[Word] = []
    end = 0
    for found in WORD.finditer(plain):
        is_joined = bool(words) and bool(JOINED.fullmatch(plain, end, found.start()))
        has_star = plain.startswith("*", found.end())
        words.append(Word(found[0], found[0].casefold(), is_joined, has_star))
        end = found.end()
    return words


def _stand_together(words: Sequence[Word]) -> bool:
    return all(word.is_joined for word in words[1:])


def _plain(word: Word) -> str:
    return word.folded.removesuffix(POSSESSIVE)


def _plurals(word: str) -> list[str]:
    """An English word with the endings that its plural may have."""
    plurals = [word, f"{word}s", f"{word}es"]
    return [*plurals, f"{word[:-1]}ies"] if word.endswith("y") else plurals


@dataclass(frozen=True)
class Form:
    """What a translation may say: words in order, each whole or with any ending."""

    words: tuple[tuple[str, bool], ...]

    @classmethod
    def parse(cls, line: str) -> "Form":
        return cls(tuple((word.folded, word.has_star) for word in words_of(line)))

    @classmethod
    def kept(cls, term: str) -> "Form":
        return cls(tuple((_plain(word), False) for word in words_of(term)))

    def stands_in(self, words: Sequence[Word]) -> bool:
        first, *others = self.words
        return any(
            self._is(word, *first) and self._go_on(others, words[start : start + 1 + len(others)])
            for start, word in enumerate(words)
        )

    def _go_on(self, others: Sequence[tuple[str, bool]], words: Sequence[Word]) -> bool:
        return (
            len(words) == 1 + len(others)
            and _stand_together(words)
            and all(map(lambda word, other: self._is(word, *other), words[1:], others))
        )

    @staticmethod
    def _is(word: Word, stem: str, has_ending: bool) -> bool:
        if word.folded == stem or not word.folded.startswith(stem):
            return word.folded == stem
        # A foreign name takes its endings after an apostrophe.
        return has_ending or word.folded[len(stem)] == "’"


@dataclass(frozen=True)
class GlossaryEntry:
    """A term with what is accepted for it in one language; with nothing, all is."""

    term: GlossaryTerm
    accepted: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        return self.term.kind == GlossaryTerm.Kind.KEPT

    @property
    def expected(self) -> str:
        return self.term.term if self.is_kept else next(iter(self.accepted), "")

    @cached_property
    def is_in_capitals(self) -> bool:
        return self.term.term.isupper()

    @cached_property
    def source_forms(self) -> list[tuple[str, ...]]:
        *before, last = [_plain(word) for word in words_of(self.term.term)]
        return [(*before, plural) for plural in _plurals(last)]

    @cached_property
    def forms(self) -> list[Form]:
        if self.is_kept:
            return [Form.kept(self.term.term)]
        return [Form.parse(line) for line in self.accepted]

    def is_kept_to(self, translation: Sequence[Word]) -> bool:
        return not self.forms or any(form.stands_in(translation) for form in self.forms)


class Glossary:
    """The terms in one language, ready to be looked for in many texts."""

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        self.by_words = {form: entry for entry in entries for form in entry.source_forms}
        # How many words a term has at most that begins with a word.
        self.lengths: dict[str, int] = {}
        for first, *others in self.by_words:
            self.lengths[first] = max(self.lengths.get(first, 0), 1 + len(others))

    @classmethod
    def load(cls, locale: Locale) -> "Glossary":
        """Takes two queries."""
        return cls.load_all([locale])[locale.pk]

    @classmethod
    def load_all(cls, locales: Iterable[Locale]) -> "dict[Any, Glossary]":
        """Those of several languages by the locale's key, in two queries together."""
        wanted = list(locales)
        translations = GlossaryTranslation.objects.filter(locale__in=wanted)
        terms = list(GlossaryTerm.objects.prefetch_related(Prefetch("translations", translations)))
        return {
            locale.pk: cls(_glossary_entry(term, locale) for term in terms if words_of(term.term))
            for locale in wanted
        }

    def terms_in(self, source: str) -> list[GlossaryEntry]:
        """The terms of a source text in their order, each once; of two at one place, the longer."""
        words = words_of(source)
        found: dict[int, GlossaryEntry] = {}
        position = 0
        while position < len(words):
            length, entry = self._at(words, position)
            if entry is not None:
                found.setdefault(entry.term.pk, entry)
            position += length
        return list(found.values())

    def _at(self, words: Sequence[Word], position: int) -> tuple[int, GlossaryEntry | None]:
        longest = self.lengths.get(_plain(words[position]), 0)
        for length in range(min(longest, len(words) - position), 0, -1):
            here = words[position : position + length]
            entry = self.by_words.get(tuple(_plain(word) for word in here))
            if entry and _stand_together(here) and self._has_its_case(entry, here):
                return length, entry
        return 1, None

    @staticmethod
    def _has_its_case(entry: GlossaryEntry, words: Sequence[Word]) -> bool:
        if not entry.is_in_capitals:
            return True
        return all(word.text.removesuffix(POSSESSIVE).rstrip("s").isupper() for word in words)

    def broken_in(self, source: str, translation: str) -> list[GlossaryEntry]:
        """The terms of a source that its translation calls otherwise."""
        entries = self.terms_in(source) if self.by_words else []
        if not entries:
            return []
        words = words_of(translation)
        return [entry for entry in entries if not entry.is_kept_to(words)]


def _glossary_entry(term: GlossaryTerm, locale: Locale) -> GlossaryEntry:
    own = [each for each in term.translations.all() if each.locale_id == locale.pk]
    return GlossaryEntry(term, tuple(own[0].accepted) if own else ())
