"""The list of all petitions in the admin, and what is done to many of them at once."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui import tables
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Locale, Page

from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CampaignPage, CityName, Petition, Tie
from campaigns.pages.queries import title_of
from campaigns.pages.search import of_cities
from campaigns.permissions import campaigns_for, petition_policy
from campaigns.publishing.bulk import Action
from campaigns.records.petitions import PetitionQuerySet
from campaigns.tables.writing import ToldExportMixin
from dashboard import numbers
from translation_desk.status import in_state
from translations.languages.folding import fold

LANGUAGE_STATES = [
    ("none", _("Missing")),
    ("stale", _("Stale")),
    ("complete", _("Published and complete")),
]


def campaigns(request: AuthenticatedHttpRequest) -> QuerySet[CampaignPage]:
    return campaigns_for(request.user).filter(locale=Locale.get_default())


class CampaignField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, page: CampaignPage) -> str:
        return title_of(page)


class CampaignFilter(django_filters.ModelChoiceFilter):
    field_class = CampaignField


class PetitionFilterSet(WagtailFilterSet):
    q = django_filters.CharFilter(label=_("City"), method="of_city")
    campaign = CampaignFilter(
        label=_("Campaign"), queryset=campaigns, method="in_campaign", to_field_name="id"
    )
    tie_status = django_filters.ChoiceFilter(label=_("The tie"), choices=Tie.Status.choices)
    state_now = django_filters.ChoiceFilter(label=_("State"), choices=Petition.State.choices)
    region = django_filters.CharFilter(label=_("State or region"), method="in_region")
    language = django_filters.ChoiceFilter(
        label=_("Languages"), choices=LANGUAGE_STATES, method="with_language"
    )
    soon = django_filters.BooleanFilter(label=_("Closes within a week"), method="closing_soon")

    class Meta:
        model = Petition
        fields = ["q", "campaign", "tie_status", "state_now", "region", "language", "soon"]

    def of_city(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        return petitions.filter(of_cities(value, "tie__"))

    def in_campaign(
        self, petitions: PetitionQuerySet, name: str, campaign: CampaignPage
    ) -> PetitionQuerySet:
        return petitions.filter(Q(pk=campaign.petition_id) | Q(parent=campaign.petition_id))

    def in_region(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        regions = CityName.objects.filter(folded__contains=fold(value))
        return petitions.filter(tie__city__in=regions.values("city"))

    def with_language(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        fits = Q()
        for locale in Locale.objects.exclude(pk=Locale.get_default().pk):
            fits |= in_state(value, locale)
        pages = Page.objects.filter(fits, locale=Locale.get_default()).values("pk")
        return petitions.filter(Q(petitionpage__in=pages) | Q(campaignpage__in=pages))

    def closing_soon(self, petitions: PetitionQuerySet, name: str, value: bool) -> PetitionQuerySet:
        return numbers.closing_soon(petitions) if value else petitions


class LabeledMixin:
    """Each cell says what it holds, so that a narrow screen shows rows as cards."""

    label: Any

    def render_cell_html(self, instance: Petition, parent_context: Context) -> SafeString:
        cell = super().render_cell_html(instance, parent_context).lstrip()  # type: ignore[misc]
        return format_html(
            '<td data-label="{}"{}', self.label, SafeString(cell.removeprefix("<td"))
        )


class LabeledColumn(LabeledMixin, Column):
    pass


class NumberColumn(LabeledMixin, tables.NumberColumn):
    pass


class BoxColumn(Column):
    """A box to tick the row; it belongs to the form below the table."""

    cell_template_name = "signatures/admin/box_cell.html"

    def get_value(self, instance: Petition) -> Petition:
        return instance

    def get_cell_context_data(self, instance: Petition, parent_context: Context) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        ticked = parent_context["request"].GET.getlist("petition")
        return {**context, "is_ticked": str(instance.pk) in ticked}


class NameColumn(TitleColumn):
    cell_template_name = "signatures/admin/name_cell.html"

    def get_value(self, instance: Petition) -> Petition:
        return instance


class LabelColumn(LabeledColumn):
    """A value shown by its label."""

    def __init__(
        self, name: str, labels: Iterable[tuple[str, str | Promise]], **kwargs: Any
    ) -> None:
        super().__init__(name, **kwargs)
        self.labels = dict(labels)

    def get_value(self, instance: Petition) -> object:
        if self.name == "tie_status" and instance.tie_id is None:
            return "–"
        return self.labels.get(getattr(instance, self.name), "")


def filters_of(request: HttpRequest) -> tuple[str, bool]:
    """The address of this list without what is ticked in it; and whether all of it is."""
    query = request.GET.copy()
    is_all = "all" in query
    for name in ("petition", "all"):
        query.pop(name, None)
    return query.urlencode(), is_all


def closing_time(petition: Petition) -> str:
    """In the petition's own time zone, with its name."""
    return petition.format_local_time(petition.closes_at) if petition.closes_at else "–"


class WeekColumn(LabeledColumn):
    cell_template_name = "signatures/admin/week_cell.html"

    def get_value(self, instance: Petition) -> Petition:
        return instance


class PetitionsView(ToldExportMixin, ReportView):
    model = Petition
    page_title = _("Petitions")
    header_icon = "form"
    results_template_name = "signatures/admin/petitions_results.html"
    index_url_name = "petition_list"
    index_results_url_name = "petition_list_results"
    filterset_class = PetitionFilterSet
    permission_required = "view"
    default_ordering = "-confirmed"
    is_searchable = False
    table_classname = "listing cards petitions"
    columns: list[Any] = [
        BoxColumn("box", label=_("Choose")),
        NameColumn("name", label=_("Petition"), sort_key="tie__city__key"),
        LabelColumn("tie_status", Tie.Status.choices, label=_("The tie"), sort_key="tie_status"),
        LabelColumn("state_now", Petition.State.choices, label=_("State"), sort_key="state_now"),
        NumberColumn("confirmed", label=_("Signatures"), sort_key="confirmed"),
        # Of a campaign with its cities. In a city each has signed once.
        NumberColumn(
            "people",
            label=_("People"),
            accessor=lambda row: "–" if row.people is None else row.people,
        ),
        NumberColumn("pending", label=_("Pending signatures"), sort_key="pending"),
        NumberColumn("today", label=_("Signatures today"), sort_key="today"),
        WeekColumn("week", label=_("Signatures in seven days"), sort_key="week"),
        NumberColumn("goal_now", label=_("Goal"), sort_key="goal"),
        LabeledColumn("languages_text", label=_("Languages")),
        LabeledColumn("closes_at", label=_("Closes"), sort_key="closes_at", accessor=closing_time),
    ]
    list_export = [
        "name",
        "tie_status",
        "state_now",
        "confirmed",
        "people",
        "pending",
        "today",
        "week",
        "goal_now",
        "languages_text",
        "closes_at",
    ]

    export_told = {
        **{column.name: column.get_value for column in columns if isinstance(column, LabelColumn)},
        "closes_at": closing_time,
    }

    @property
    def export_headings(self) -> dict[str, Any]:
        return {column.name: column.label for column in self.columns if column.name != "box"}

    @cached_property
    def verbose_name_plural(self) -> str:
        return str(Petition._meta.verbose_name_plural)

    def get_base_queryset(self) -> QuerySet[Petition]:
        return numbers.with_numbers(petition_policy.own(self.request.user).with_names())

    def decorate_paginated_queryset(self, object_list: Iterable[Petition]) -> list[Petition]:
        return numbers.decorate(list(object_list))

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        context["may_change"] = self.user_has_permission("change")
        context["bulk_address"] = reverse("petition_bulk")
        context["bulk_actions"] = Action.choices
        context["query"], context["is_all"] = filters_of(self.request)
        return context

    def get_filename(self) -> str:
        return f"petitions-{timezone.localdate():%Y-%m-%d}"


class PetitionsMenuItem(MenuItem):
    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return bool(petition_policy.user_has_permission(request.user, "view"))
