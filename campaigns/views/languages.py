"""The report of pages by languages: what is published, what waits, and since when."""

from datetime import timedelta
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Locale, Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from campaigns.matrix import cells, in_state, untranslated
from campaigns.models import CampaignPage

STATES = [
    ("none", _("No page")),
    ("draft", _("Draft")),
    ("published", _("Published")),
    ("waiting", _("Texts wait for translation")),
    ("stale", _("Published, but the source has changed")),
    ("complete", _("Published and complete")),
]
RIGHTS = {"add", "change", "publish"}


def targets() -> list[Locale]:
    """The languages that pages are translated into."""
    return list(Locale.objects.exclude(pk=Locale.get_default().pk).order_by("language_code"))


def source_pages(user: Any) -> QuerySet[Page]:
    """The pages in the source language that a user works on in any language."""
    own = PagePermissionPolicy().instances_user_has_any_permission_for(user, RIGHTS)
    return Page.objects.filter(
        locale=Locale.get_default(),
        alias_of=None,
        depth__gt=1,
        translation_key__in=own.values("translation_key"),
    )


def campaigns(request: HttpRequest) -> QuerySet[CampaignPage]:
    return CampaignPage.objects.filter(pk__in=source_pages(request.user).values("pk"))


class LanguagesFilterSet(WagtailFilterSet):
    q = django_filters.CharFilter(label=_("Title"), field_name="title", lookup_expr="icontains")
    campaign = django_filters.ModelChoiceFilter(
        label=_("Campaign"), queryset=campaigns, method="in_campaign"
    )
    language = django_filters.ModelChoiceFilter(
        label=_("Language"), queryset=lambda request: Locale.objects.all(), method="in_language"
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_language")
    days = django_filters.NumberFilter(
        label=_("Waiting for more than (days)"), method="waiting_for", min_value=0, max_value=10_000
    )

    class Meta:
        model = Page
        fields = ["q", "campaign", "language", "state", "days"]

    def _add_locale_filter(self) -> None:
        """All rows are pages of the source language."""

    def languages(self) -> list[Locale]:
        chosen = self.form.cleaned_data.get("language")
        return [chosen] if chosen else targets()

    def in_campaign(self, pages: Any, name: str, campaign: CampaignPage) -> Any:
        return pages.descendant_of(campaign, inclusive=True)

    def in_language(self, pages: Any, name: str, value: Any) -> Any:
        if name == "language":
            return pages
        fits = Q()
        for locale in self.languages():
            fits |= in_state(value, locale)
        return pages.filter(fits)

    def waiting_for(self, pages: Any, name: str, days: Any) -> Any:
        before = timezone.now() - timedelta(days=int(days))
        fits = Q()
        for locale in self.languages():
            old = untranslated(locale).filter(source__last_updated_at__lt=before)
            fits |= Q(translation_key__in=old.values("source__object_id"))
        return pages.filter(fits)


class LanguageColumn(Column):
    cell_template_name = "campaigns/admin/language_cell.html"

    def get_value(self, instance: Any) -> Any:
        return instance.cells[self.name]


class LanguagesReport(ReportView):
    model = Page
    page_title = _("Languages")
    header_icon = "wagtail-localize-language"
    index_url_name = "languages"
    index_results_url_name = "languages_results"
    filterset_class = LanguagesFilterSet
    permission_policy = PagePermissionPolicy()
    any_permission_required = list(RIGHTS)
    default_ordering = "path"
    is_searchable = False

    @cached_property
    def locales(self) -> list[Locale]:
        chosen = self.request.GET.get("language", "")
        return [locale for locale in targets() if chosen in ("", str(locale.pk))]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label=_("Page"),
                accessor="get_admin_display_title",
                url_name="wagtailadmin_pages:edit",
            ),
            *(
                LanguageColumn(locale.language_code, label=locale.get_display_name())
                for locale in self.locales
            ),
        ]

    def get_base_queryset(self) -> Any:
        return source_pages(self.request.user).order_by("path")

    def decorate_paginated_queryset(self, object_list: Any) -> list[Page]:
        pages = list(object_list)
        found = cells(pages, self.locales)
        for page in pages:
            page.cells = found[page.pk]
        return pages

    @property
    def list_export(self) -> list[str]:
        parts = ("state", "texts", "words", "stale_since", "drafts", "broken")
        codes = [locale.language_code for locale in self.locales]
        return ["title", *(f"cells.{code}.{part}" for code in codes for part in parts)]

    @property
    def export_headings(self) -> dict[str, str]:
        labels = {
            "state": _("State"),
            "texts": _("Texts that wait"),
            "words": _("Words that wait"),
            "stale_since": _("Stale since"),
            "drafts": _("Drafts by machine"),
            "broken": _("Texts against the glossary"),
        }
        headings = {"title": str(_("Page"))}
        for locale in self.locales:
            for part, label in labels.items():
                heading = f"{locale.get_display_name()}: {label}"
                headings[f"cells.{locale.language_code}.{part}"] = heading
        return headings

    def get_filename(self) -> str:
        return f"languages-{timezone.localdate():%Y-%m-%d}"
