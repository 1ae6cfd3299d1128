"""Everything that happened to ties and to petitions: listed, added, corrected, deleted."""

from typing import TYPE_CHECKING, Any, TypeVar

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import CreateView, IndexView

from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import PetitionEvent, Tie, TieEvent
from campaigns.pages.search import of_cities
from campaigns.permissions import petition_event_policy, tie_event_policy, tie_policy
from campaigns.tables.writing import ToldExportMixin
from campaigns.viewsets.base import AskingMixin, RecordViewSet
from translations.permissions import may_change

if TYPE_CHECKING:
    from django.forms import BaseModelForm

WITHOUT_ADDRESS = Q(source_url="", archived_url="")


class EventForm(WagtailAdminModelForm):
    """An event of what its editor works on."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        for name in ("tie", "petition"):
            record = data.get(name)
            if record and not may_change(self.for_user, record):
                self.add_error(name, ValidationError(_("This belongs to another campaign.")))
        return data

    def save(self, commit: bool = True) -> TieEvent | PetitionEvent:
        """Whoever enters what happened to a tie knows its status as of now."""
        is_new = not self.instance.pk
        event: TieEvent | PetitionEvent = super().save(commit)
        if is_new and isinstance(event, TieEvent):
            Tie.objects.filter(pk=event.tie_id).note_checked(self.for_user)
        return event


class EventAddView(AskingMixin, CreateView):
    def get_initial(self) -> dict[str, Any]:
        """What a link names of it already."""
        asked, key = self.request.GET, self.request.GET.get("tie", "")
        own = tie_policy.own(self.request.user)
        tie = own.filter(pk=key).first() if key.isdecimal() else None
        return {"tie": tie, "kind": asked.get("kind")} if tie else {}

    def changed_records(self, form: "BaseModelForm[Any]") -> list[Any]:
        event = form.instance
        return [event.tie if isinstance(event, TieEvent) else event.petition]


Events = TypeVar("Events", QuerySet[TieEvent], QuerySet[PetitionEvent])


class EventFilterSet(WagtailFilterSet):
    city = django_filters.CharFilter(label=_("City"), method="of_city")
    kind = django_filters.ChoiceFilter(label=_("What happened"))
    date = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)
    bare = django_filters.BooleanFilter(label=_("Without an address"), method="without_address")
    tie = "tie"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = self._meta.model.Kind.choices

    def of_city(self, events: Events, name: str, value: str) -> Events:
        return events.filter(of_cities(value, f"{self.tie}__"))

    def without_address(self, events: Events, name: str, value: bool) -> Events:
        return events.filter(WITHOUT_ADDRESS) if value else events.exclude(WITHOUT_ADDRESS)


class TieEventFilterSet(EventFilterSet):
    class Meta:
        model = TieEvent
        fields = ["city", "kind", "date", "bare"]


class PetitionEventFilterSet(EventFilterSet):
    tie = "petition__tie"

    class Meta:
        model = PetitionEvent
        fields = ["city", "kind", "date", "bare"]


def cities(event: TieEvent | PetitionEvent) -> str:
    """The names of both cities in the reader's language."""
    tie = event.tie if isinstance(event, TieEvent) else event.petition.tie
    if tie is None:
        return str(event.petition)  # type: ignore[union-attr]
    language = get_language() or ""
    return f"{tie.city.name_in(language)} – {tie.sister_city.name_in(language)}"


def day(event: TieEvent | PetitionEvent) -> str:
    return date_format(event.date) if event.date else "–"


def prefetch_names(events: QuerySet[Any], tie: str) -> QuerySet[Any]:
    """Everything that `cities` reads, in few queries."""
    sides = [f"{tie}__city", f"{tie}__sister_city"]
    return events.select_related(*sides).prefetch_related(
        *(f"{side}__names__locale" for side in sides)
    )


class EventIndexView(ToldExportMixin, IndexView):
    export_told = {"cities": cities, "date": day, "kind": lambda event: event.get_kind_display()}


class EventViewSet(RecordViewSet):
    index_view_class = EventIndexView
    add_view_class = EventAddView
    list_display = [
        "__str__",
        Column("cities", label=_("Sister cities"), accessor=cities),
        Column("date", label=_("Date"), sort_key="date", accessor=day),
        Column("source_title", label=_("Source"), sort_key="source_title"),
    ]
    ordering = ["-date", "-pk"]
    list_per_page = 50
    export_headings = {"cities": _("Sister cities")}
    list_export = [
        "cities",
        "date",
        "kind",
        "source_title",
        "source_publisher",
        "source_url",
        "archived_url",
    ]
    copy_view_enabled = False


class TieEventViewSet(EventViewSet):
    model = TieEvent
    icon = "history"
    menu_label = _("Events of ties")
    filterset_class = TieEventFilterSet
    edit_handler = ObjectList([FieldPanel("tie"), *TieEvent.panels], base_form_class=EventForm)

    def get_queryset(self, request: AuthenticatedHttpRequest) -> QuerySet[TieEvent]:
        events = tie_event_policy.own(request.user)
        return prefetch_names(events, "tie")


class PetitionEventViewSet(EventViewSet):
    model = PetitionEvent
    icon = "history"
    menu_label = _("Events of petitions")
    filterset_class = PetitionEventFilterSet
    edit_handler = ObjectList(
        [FieldPanel("petition"), *PetitionEvent.panels], base_form_class=EventForm
    )

    def get_queryset(self, request: AuthenticatedHttpRequest) -> QuerySet[PetitionEvent]:
        events = petition_event_policy.own(request.user)
        return prefetch_names(events, "petition__tie")
