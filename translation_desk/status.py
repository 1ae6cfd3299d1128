"""How everything stands in every language, in a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize.models import StringSegment, StringTranslation

from campaigns.records.cities import CityName
from translation_desk.glossary.matching import Glossary
from translations.queries import drafts, has_gaps, stopped, translations, untranslated

# From a page to the tie that it is about.
TIE = "petitionpage__petition__tie"


@dataclass(frozen=True)
class LocaleStatus:
    """A page or a city's name in one language.

    `stale_since` is set where what is live lags behind its source, `ready_since` where a
    translator has handed a page over to be published. Of the texts that wait, `drafts` have a
    draft by machine; of the others, `broken` don't keep to the glossary. `names` are the cities of
    a page that have no name in the language. `is_unpublished` where all is translated and not all
    of it is live.
    """

    page: Any = None
    texts: int = 0
    words: int = 0
    waiting_since: datetime | None = None
    ready_since: datetime | None = None
    translation: int | None = None
    is_name: bool = False
    drafts: int = 0
    broken: int = 0
    names: int = 0
    is_unpublished: bool = False
    # The page is there, but nothing brings it what is new in its source.
    is_stopped: bool = False

    @property
    def is_live(self) -> bool:
        # A city's name knows no drafts.
        return self.page is not None and getattr(self.page, "live", True)

    @property
    def stale_since(self) -> datetime | None:
        return self.waiting_since if self.is_live and self.texts else None

    @property
    def address(self) -> str:
        """Where it is translated."""
        if isinstance(self.page, Page):
            return reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        if self.translation and self.is_name:
            return reverse("translate_name", args=[self.translation])
        return AdminURLFinder().get_edit_url(self.page) or "" if self.page else ""

    @property
    def state(self) -> str | Promise:
        if self.page is None:
            return _("not there")
        if self.is_stopped:
            return _("not translated")
        if not isinstance(self.page, Page):
            return _("translated")
        if self.is_unpublished:
            return self._not_live()
        return _("published") if self.page.live else _("draft")

    def _not_live(self) -> str | Promise:
        if self.page.live:
            return _("published, but its newest translation is not live")
        return _("translated, not live")


def count_words(text: str) -> int:
    return len(strip_tags(text).split())


def statuses(
    sources: Iterable[TranslatableMixin], locales: Iterable[Locale]
) -> dict[int, dict[str, LocaleStatus]]:
    """The cells of pages, or of other things of one kind, by their ids and languages."""
    rows = list(sources)
    locales = list(locales)
    glossaries = Glossary.load_all(locales)
    by_key = {row.translation_key: row for row in rows}
    matrix: dict[int, dict[str, LocaleStatus]] = {row.pk: {} for row in rows}
    for locale in locales:
        translated = {each.translation_key: each for each in _in_language(rows, locale)}
        missing: dict[Any, list[str]] = defaultdict(list)
        drafted: Counter[Any] = Counter()
        segments = untranslated(locale).filter(source__object_id__in=by_key)
        for key, text, has_draft in segments.annotate(has_draft=Exists(drafts(locale))).values_list(
            "source__object_id", "string__data", "has_draft"
        ):
            missing[key].append(text)
            drafted[key] += has_draft
        broken = _broken(by_key, locale, glossaries[locale.pk])
        unnamed = _unnamed(rows, locale)
        pages = [row.pk for row in rows if isinstance(row, Page)]
        not_live = Page.objects.filter(unpublished(locale), pk__in=pages)
        finished = set(not_live.values_list("pk", flat=True) if pages else ())
        running = translations(locale).filter(source__object_id__in=by_key)
        states = {
            key: states
            for key, *states in running.values_list(
                "source__object_id", "since", "state__ready_at", "pk"
            )
        }
        halted = set(stopped(locale).values_list("source__object_id", flat=True))
        for key, row in by_key.items():
            texts = missing[key]
            since, ready, translation = states.get(key, (None, None, None))
            matrix[row.pk][locale.language_code] = LocaleStatus(
                page=translated.get(key),
                texts=len(texts),
                words=sum(map(count_words, texts)),
                waiting_since=since if texts else None,
                ready_since=ready,
                translation=translation,
                is_name=not isinstance(row, Page),
                drafts=drafted[key],
                broken=broken[key],
                names=unnamed[row.pk],
                is_unpublished=row.pk in finished,
                is_stopped=key in halted,
            )
    return matrix


def _broken(keys: Iterable[Any], locale: Locale, glossary: Glossary) -> Counter[Any]:
    """How many texts of each source don't keep to the glossary."""
    segments = (
        StringSegment.objects.filter(source__object_id__in=keys)
        .annotate_translation(locale)
        .exclude(translation=None)
        .values_list("source__object_id", "string__data", "translation")
    )
    return Counter(key for key, source, text in segments if glossary.broken_in(source, text))


def _unnamed(rows: list[Any], locale: Locale) -> Counter[Any]:
    """How many cities of each page have no name in a language."""
    pages = Page.objects.filter(pk__in=[row.pk for row in rows if isinstance(row, Page)])
    found = pages.filter(petitionpage__isnull=False).values_list(
        "pk", f"{TIE}__city", f"{TIE}__sister_city"
    )
    named = set(CityName.objects.filter(locale=locale).values_list("city", flat=True))
    return Counter({pk: len({*cities} - named) for pk, *cities in found})


def _in_language(rows: list[Any], locale: Locale) -> Iterable[Any]:
    if not rows:
        return []
    keys = [row.translation_key for row in rows]
    model = Page if isinstance(rows[0], Page) else type(rows[0])
    found = model.objects.filter(translation_key__in=keys, locale=locale)
    return found.filter(alias_of=None) if model is Page else found


def lacks_names(locale: Locale) -> Q:
    """The condition on source pages that a city of theirs has no name in a language."""
    named = CityName.objects.filter(locale=locale).values("city")
    sides = {f"{TIE}__city__in": named, f"{TIE}__sister_city__in": named}
    return Q(pk__in=Page.objects.filter(petitionpage__isnull=False).exclude(**sides).values("pk"))


def unpublished(locale: Locale) -> Q:
    """The condition on source pages that all is translated and not all of it is live."""
    there = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale=locale, alias_of=None
    )
    running = Exists(translations(locale).filter(source__object_id=OuterRef("translation_key")))
    newest = StringTranslation.objects.filter(
        context__object_id=OuterRef("translation_key"), locale=locale, has_error=False
    ).order_by("-updated_at")
    newer = there.filter(live=True, last_published_at__lt=newest.values("updated_at")[:1])
    not_live = Exists(there.filter(live=False)) | Exists(newer)
    return Q(running & not_live) & ~Q(has_gaps(locale)) & ~lacks_names(locale)


def unpublished_sources(locale: Locale) -> QuerySet[Page]:
    """The source pages that are translated into a language and not live in it."""
    sources = Page.objects.filter(locale=Locale.get_default(), alias_of=None, depth__gt=1)
    return sources.filter(unpublished(locale))


def in_state(state: str, locale: Locale) -> Q:
    """The condition on source pages for a state of theirs in a language."""
    there = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale=locale, alias_of=None
    )
    waiting = has_gaps(locale) | lacks_names(locale)
    live = Exists(there.filter(live=True))
    ready = translations(locale).filter(
        source__object_id=OuterRef("translation_key"), state__ready_at__isnull=False
    )
    halted = Exists(stopped(locale).filter(source__object_id=OuterRef("translation_key")))
    conditions = {
        "none": ~Exists(there),
        "stopped": Exists(there) & halted,
        "draft": Exists(there.filter(live=False)) & ~halted,
        "published": live & ~halted,
        "waiting": waiting,
        "ready": Exists(ready),
        "stale": live & waiting,
        "complete": live & ~waiting & ~halted & ~unpublished(locale),
        "unpublished": unpublished(locale),
    }
    return Q(conditions[state])
