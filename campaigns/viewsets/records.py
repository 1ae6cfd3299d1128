"""Cities, ties and petitions in the admin."""

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import City, CityName, Petition, Tie
from campaigns.permissions import petition_policy
from campaigns.records.ties import TieQuerySet
from campaigns.views.due_ties import checked_told, due_ties
from campaigns.viewsets.base import RecordViewSet
from campaigns.viewsets.choosers import PetitionChooser, TieChooser
from campaigns.viewsets.events import PetitionEventViewSet, TieEventViewSet
from campaigns.viewsets.recipients import RecipientViewSet


class CityViewSet(RecordViewSet):
    model = City
    icon = "home"
    list_display = ["__str__", "key", "country"]
    list_filter = ["country"]
    search_fields = ["key", "region", "names__name", "names__region"]
    search_backend_name = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[City]:
        return City.objects.prefetch_related("names__locale")


class CityNameViewSet(RecordViewSet):
    model = CityName
    search_fields = ["name", "region"]
    search_backend_name = None


class TieFilterSet(WagtailFilterSet):
    due = django_filters.BooleanFilter(label=_("Due for a check"), method="to_be_checked")

    class Meta:
        model = Tie
        fields = ["due"]

    def to_be_checked(self, ties: TieQuerySet, name: str, value: bool) -> TieQuerySet:
        due = due_ties(self.request.user).values("pk")
        return ties.filter(pk__in=due) if value else ties.exclude(pk__in=due)


class TieViewSet(RecordViewSet):
    model = Tie
    chooser_viewset_class = TieChooser
    icon = "link"
    list_display = [
        "city",
        "sister_city",
        "since",
        Column("status", label=_("Status"), accessor="status.label"),
        Column("checked_at", label=_("Checked"), sort_key="checked_at", accessor=checked_told),
    ]
    filterset_class = TieFilterSet
    search_fields = ["city__names__name", "sister_city__names__name"]
    search_backend_name = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tie]:
        return Tie.objects.with_names().select_related("checked_by")


class MomentColumn(Column):
    """A moment in the petition's own time zone, with its name."""

    def get_value(self, instance: Petition) -> str:
        moment = getattr(instance, self.name)
        return instance.format_local_time(moment) if moment else "–"


class GoalColumn(Column):
    def get_value(self, instance: Petition) -> str:
        return number_format(instance.goal, force_grouping=True) if instance.goal else "–"


class PetitionViewSet(RecordViewSet):
    model = Petition
    chooser_viewset_class = PetitionChooser
    icon = "form"
    list_display = [
        "__str__",
        GoalColumn("goal", label=_("Goal"), sort_key="goal"),
        MomentColumn("opens_at", label=_("Opens")),
        MomentColumn("closes_at", label=_("Closes")),
        "is_paused",
    ]
    list_filter = ["is_paused"]

    def get_queryset(self, request: AuthenticatedHttpRequest) -> QuerySet[Petition]:
        return petition_policy.own(request.user).with_names()


class RecordGroup(SnippetViewSetGroup):
    items = (
        PetitionViewSet,
        CityViewSet,
        TieViewSet,
        TieEventViewSet,
        PetitionEventViewSet,
        RecipientViewSet,
    )
    menu_label = _("Records")
    menu_icon = "list-ul"
    menu_order = 150
