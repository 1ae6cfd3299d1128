"""What waits for whoever works in a language, counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, Translation

from accounts.models import User
from campaigns.models import CityName
from translation_desk.status import count_words, unpublished_sources
from translations.permissions import languages_for, workers_in
from translations.queries import translations, untranslated

REPORTS = {"pages": "languages", "names": "city_names"}


@dataclass(frozen=True)
class Workload:
    """What waits in one language. `ready` is for those who publish, the rest for translators."""

    locale: Locale
    pages: int = 0
    stale: int = 0
    names: int = 0
    texts: int = 0
    words: int = 0
    since: datetime | None = None
    ready: int = 0
    # Translated and not live, of which nobody has handed over so many.
    unpublished: int = 0
    not_handed_over: int = 0
    # Live in the source language, and in this one nobody has begun them.
    not_begun: int = 0
    publishes: bool = False
    translators: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.ready or self.unpublished)

    def _report(self, kind: str, state: str) -> str:
        return f"{reverse(REPORTS[kind])}?language={self.locale.pk}&state={state}"

    @property
    def pages_address(self) -> str:
        return self._report("pages", "waiting")

    @property
    def stale_address(self) -> str:
        return self._report("pages", "stale")

    @property
    def names_address(self) -> str:
        return self._report("names", "waiting")

    @property
    def unpublished_address(self) -> str:
        return self._report("pages", "unpublished")

    @property
    def not_begun_address(self) -> str:
        return self._report("pages", "none")

    @property
    def ready_address(self) -> str:
        return self._report("pages", "ready")


def workload_of(user: User) -> list[Workload]:
    """For a user, by language, what waits in the languages that they translate or publish in."""
    publishing = set(languages_for(user, "publish").values_list("pk", flat=True))
    locales = languages_for(user).exclude(pk=Locale.get_default().pk).order_by("language_code")
    return [count(locale, locale.pk in publishing) for locale in locales]


def count(locale: Locale, publishes: bool) -> Workload:
    is_name = Q(source__specific_content_type=ContentType.objects.get_for_model(CityName))
    there = Page.objects.filter(translation_key=OuterRef("source__object_id"), locale=locale)
    # A page that somebody deleted waits for nobody; a city's name has its row once it is complete.
    running = translations(locale).filter(is_name | Q(Exists(there)))
    gaps = Exists(untranslated(locale).filter(source=OuterRef("source")))
    incomplete = running.filter(gaps)
    pages = incomplete.exclude(is_name)
    texts = _texts(locale, incomplete)
    finished = unpublished_sources(locale).values_list("translation_key", flat=True)
    handed = running.filter(state__ready_at__isnull=False)
    sources = Page.objects.live().filter(locale=Locale.get_default(), alias_of=None, depth__gt=1)
    begun = Page.objects.filter(locale=locale).values("translation_key")
    return Workload(
        locale=locale,
        not_begun=sources.exclude(translation_key__in=begun).count(),
        pages=pages.count(),
        stale=pages.filter(Exists(there.filter(live=True))).count(),
        names=incomplete.filter(is_name).count(),
        texts=len(texts),
        words=sum(map(count_words, texts)),
        since=incomplete.aggregate(first=Min("since"))["first"],
        ready=handed.count() if publishes else 0,
        unpublished=len(finished),
        not_handed_over=len({*finished} - {*handed.values_list("source__object_id", flat=True)}),
        publishes=publishes,
        translators=", ".join(translators(locale)),
    )


def _texts(locale: Locale, running: "QuerySet[Translation]") -> list[str]:
    segments: QuerySet[StringSegment] = untranslated(locale)
    segments = segments.filter(source__in=running.values("source"))
    return list(segments.values_list("string__data", flat=True))


def translators(locale: Locale) -> Iterable[str]:
    """Who works on pages of this language without working on those of the source language."""
    others = workers_in(Locale.get_default()).values("pk")
    here = workers_in(locale).exclude(pk__in=others).exclude(is_superuser=True)
    found = here.distinct().order_by("username")
    return [user.get_full_name() or user.get_username() for user in found]
