"""How every page stands in every language, in a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from campaigns.glossary import Glossary
from campaigns.origins import DRAFTS


@dataclass(frozen=True)
class Cell:
    """A page in one language. `stale_since` is set where what is live lags behind its source.

    Of the texts that wait, `drafts` have a draft by machine; of the others, `broken` don't keep
    to the glossary.
    """

    page: Page | None = None
    texts: int = 0
    words: int = 0
    waiting_since: datetime | None = None
    drafts: int = 0
    broken: int = 0

    @property
    def is_live(self) -> bool:
        return self.page is not None and self.page.live

    @property
    def stale_since(self) -> datetime | None:
        return self.waiting_since if self.is_live and self.texts else None

    @property
    def state(self) -> Any:
        if self.page is None:
            return _("no page")
        return _("published") if self.page.live else _("draft")


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


def cells(pages: Iterable[Page], locales: Iterable[Locale]) -> dict[int, dict[str, Cell]]:
    """Each source page's cells by page id and language."""
    rows = list(pages)
    locales = list(locales)
    glossaries = Glossary.load_all(locales)
    by_key = {page.translation_key: page for page in rows}
    matrix: dict[int, dict[str, Cell]] = {page.pk: {} for page in rows}
    for locale in locales:
        found = Page.objects.filter(
            translation_key__in=by_key, locale=locale, alias_of=None
        ).in_bulk(field_name="id")
        translated = {page.translation_key: page for page in found.values()}
        missing: dict[Any, list[tuple[str, datetime, bool]]] = defaultdict(list)
        segments = untranslated(locale).filter(source__object_id__in=by_key)
        for key, *text in segments.annotate(has_draft=Exists(drafts(locale))).values_list(
            "source__object_id", "string__data", "source__last_updated_at", "has_draft"
        ):
            missing[key].append(tuple(text))
        broken = _broken(by_key, locale, glossaries[locale.pk])
        for key, page in by_key.items():
            texts = missing[key]
            matrix[page.pk][locale.language_code] = Cell(
                page=translated.get(key),
                texts=len(texts),
                words=sum(len(strip_tags(text).split()) for text, _updated, _draft in texts),
                waiting_since=texts[0][1] if texts else None,
                drafts=sum(has_draft for _text, _updated, has_draft in texts),
                broken=broken[key],
            )
    return matrix


def _broken(keys: Iterable[Any], locale: Locale, glossary: Glossary) -> Counter[Any]:
    """How many texts of each source page don't keep to the glossary."""
    segments = (
        StringSegment.objects.filter(source__object_id__in=keys)
        .annotate_translation(locale)
        .exclude(translation=None)
        .values_list("source__object_id", "string__data", "translation")
    )
    return Counter(key for key, source, text in segments if glossary.broken_in(source, text))


def in_state(state: str, locale: Locale) -> Q:
    """The condition on source pages for a state of theirs in a language."""
    there = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale=locale, alias_of=None
    )
    waiting = Exists(
        untranslated(locale).filter(
            source__object_id=OuterRef("translation_key"), source__locale=OuterRef("locale")
        )
    )
    live = Exists(there.filter(live=True))
    conditions = {
        "none": ~Exists(there),
        "draft": Exists(there.filter(live=False)),
        "published": live,
        "waiting": waiting,
        "stale": live & waiting,
        "complete": live & ~waiting,
    }
    return Q(conditions[state])
