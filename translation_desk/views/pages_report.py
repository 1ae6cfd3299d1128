"""The report of pages by languages: what is published, what waits, and since when."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cached_property, partial
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CampaignPage, PetitionPage
from campaigns.pages.search import names_city
from translation_desk.status import in_state, statuses
from translations.languages.folding import fold, has_words
from translations.permissions import WORK_ON_PAGES, translation_policy
from translations.queries import waiting_before

PAGE_STATES = [
    ("none", _("No page")),
    ("stopped", _("Not translated: the translation was stopped")),
    ("draft", _("Draft")),
    ("published", _("Published")),
    ("waiting", _("Texts wait for translation")),
    ("ready", _("Sent for publishing")),
    ("unpublished", _("Translated, not live")),
    ("stale", _("Published, but the source has changed")),
    ("complete", _("Published and complete")),
]


def targets() -> list[Locale]:
    """The languages that pages are translated into."""
    return list(Locale.objects.exclude(pk=Locale.get_default().pk).order_by("language_code"))


def source_pages(user: User) -> QuerySet[Page]:
    """The pages in the source language that a user works on in any language."""
    own = page_permission_policy.instances_user_has_any_permission_for(user, WORK_ON_PAGES)
    return Page.objects.filter(
        locale=Locale.get_default(),
        alias_of=None,
        depth__gt=1,
        translation_key__in=own.values("translation_key"),
    )


def campaigns(request: AuthenticatedHttpRequest) -> QuerySet[CampaignPage]:
    return CampaignPage.objects.filter(pk__in=source_pages(request.user).values("pk"))


class ByLanguage(WagtailFilterSet):
    """Filters that pages and names of cities have in common."""

    language = django_filters.ModelChoiceFilter(
        label=_("Language"), queryset=lambda request: Locale.objects.all(), method="in_language"
    )
    days = django_filters.NumberFilter(
        label=_("Waiting for more than (days)"), method="waiting_for", min_value=0, max_value=10_000
    )

    def _add_locale_filter(self) -> None:
        """All rows are of the source language."""

    def languages(self) -> list[Locale]:
        chosen = self.form.cleaned_data.get("language")
        return [chosen] if chosen else targets()

    def in_any(self, rows: QuerySet[Any], condition: Callable[[Locale], Q]) -> QuerySet[Any]:
        """The rows for which a condition holds in one of the chosen languages."""
        fits = Q(pk__in=[])
        for locale in self.languages():
            fits |= condition(locale)
        return rows.filter(fits)

    def in_language(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows if name == "language" else self.in_any(rows, partial(in_state, value))

    def waiting_for(self, rows: QuerySet[Any], name: str, days: str) -> QuerySet[Any]:
        before = timezone.now() - timedelta(days=int(days))
        return self.in_any(rows, partial(waiting_before, before))


class LanguagesFilterSet(ByLanguage):
    q = django_filters.CharFilter(label=_("Title"), method="with_title")
    campaign = django_filters.ModelChoiceFilter(
        label=_("Campaign"), queryset=campaigns, method="in_campaign", to_field_name="id"
    )
    city = django_filters.CharFilter(label=_("City, in any language"), method="of_city")
    state = django_filters.ChoiceFilter(label=_("State"), choices=PAGE_STATES, method="in_language")

    class Meta:
        model = Page
        fields = ["q", "campaign", "city", "language", "state", "days"]

    def with_title(self, pages: PageQuerySet, name: str, query: str) -> PageQuerySet:
        words = fold(query).split()
        titles = pages.values_list("pk", "title")
        return pages.filter(pk__in=[pk for pk, title in titles if has_words(words, title)])

    def in_campaign(self, pages: PageQuerySet, name: str, campaign: CampaignPage) -> PageQuerySet:
        return pages.descendant_of(campaign, inclusive=True)

    def of_city(self, pages: PageQuerySet, name: str, query: str) -> PageQuerySet:
        """City pages on either side of whose tie lies a city of that name, and what is below."""
        cities = PetitionPage.objects.filter(names_city(query), locale=Locale.get_default())
        # Wagtail's path of a page begins with its parent's.
        around = cities.filter(path=Substr(OuterRef("path"), 1, Length("path")))
        return pages.filter(Exists(around))


class LanguageColumn(Column):
    cell_template_name = "campaigns/admin/language_cell.html"

    def get_value(self, instance: TranslatableMixin) -> object:
        return instance.cells[self.name]


class ByLanguageReport(ReportView):
    """A row for each thing of the source language, a column for each other language."""

    header_icon = "wagtail-localize-language"
    permission_policy = translation_policy
    permission_required = "view"
    is_searchable = False
    row_label: Any = ""
    row_accessor = ""

    @cached_property
    def locales(self) -> list[Locale]:
        chosen = self.request.GET.get("language", "")
        return [locale for locale in targets() if chosen in ("", str(locale.pk))]

    @cached_property
    def columns(self) -> list[Column]:
        first = TitleColumn(
            "title",
            label=self.row_label,
            accessor=self.row_accessor,
            get_url=lambda row: row.edit_address,
        )
        return [
            first,
            *(
                LanguageColumn(locale.language_code, label=locale.get_display_name())
                for locale in self.locales
            ),
        ]

    def editable(self, rows: list[Any]) -> set[Any]:
        """The ids of those whose source the user may change."""
        raise NotImplementedError

    @property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("PO files"), reverse("exchange"), icon_name="download")]

    def decorate_paginated_queryset(self, object_list: Iterable[TranslatableMixin]) -> list[Any]:
        rows = list(object_list)
        found, editable = statuses(rows, self.locales), self.editable(rows)
        finder = AdminURLFinder()
        for row in rows:
            row.cells = found[row.pk]
            row.edit_address = finder.get_edit_url(row) if row.pk in editable else None
        return rows

    @property
    def list_export(self) -> list[str]:
        parts = ("state", "texts", "words", "names", "stale_since", "drafts", "broken")
        codes = [locale.language_code for locale in self.locales]
        return [self.row_accessor, *(f"cells.{code}.{part}" for code in codes for part in parts)]

    @property
    def export_headings(self) -> dict[str, str]:
        labels = {
            "state": _("State"),
            "texts": _("Texts that wait"),
            "words": _("Words that wait"),
            "names": _("Names of cities that are missing"),
            "stale_since": _("Stale since"),
            "drafts": _("Machine drafts"),
            "broken": _("Texts against the glossary"),
        }
        headings = {self.row_accessor: str(self.row_label)}
        for locale in self.locales:
            for part, label in labels.items():
                heading = f"{locale.get_display_name()}: {label}"
                headings[f"cells.{locale.language_code}.{part}"] = heading
        return headings


class LanguagesReport(ByLanguageReport):
    model = Page
    page_title = _("Languages")
    index_url_name = "languages"
    index_results_url_name = "languages_results"
    filterset_class = LanguagesFilterSet
    default_ordering = "path"
    row_label = _("Page")
    row_accessor = "title"

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        address = reverse("city_names")
        names = Button(_("Names of cities"), url=address, icon_name="home", priority=10)
        return [*super().header_more_buttons, names]

    def get_base_queryset(self) -> PageQuerySet:
        return source_pages(self.request.user).order_by("path")

    def editable(self, rows: list[Any]) -> set[Any]:
        own = page_permission_policy.instances_user_has_permission_for(self.request.user, "change")
        return set(own.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))

    def get_filename(self) -> str:
        return f"languages-{timezone.localdate():%Y-%m-%d}"


class LanguagesMenuItem(MenuItem):
    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return translation_policy.user_has_permission(request.user, "view")
