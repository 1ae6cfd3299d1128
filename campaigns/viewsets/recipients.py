"""Whom petitions are handed to, and those of whom somebody has to look again who they are."""

from typing import TYPE_CHECKING, Any

import django_filters
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import CreateView

from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Recipient
from campaigns.permissions import recipient_policy
from campaigns.records.recipients import RecipientQuerySet
from campaigns.viewsets.base import AskingMixin, RecordViewSet

if TYPE_CHECKING:
    from django.forms import BaseModelForm


class RecipientAddView(AskingMixin, CreateView):
    def changed_records(self, form: "BaseModelForm[Any]") -> list[Any]:
        recipient = form.instance
        return [recipient.city or recipient.campaign]


class RecipientFilterSet(WagtailFilterSet):
    due = django_filters.BooleanFilter(label=gettext_lazy("To be checked"), method="to_be_checked")

    class Meta:
        model = Recipient
        fields = ["due", "office"]

    def to_be_checked(
        self, recipients: RecipientQuerySet, name: str, value: bool
    ) -> RecipientQuerySet:
        due = Recipient.objects.due(timezone.localdate()).values("pk")
        return recipients.filter(pk__in=due) if value else recipients.exclude(pk__in=due)


def told_holder(recipient: Recipient) -> str:
    """Who pages name as of now, or why they speak of the office alone."""
    words = recipient.words_in(get_language() or "") or next(iter(recipient.words.all()), None)
    if words is None or not words.name:
        return _("office alone")
    if reason := recipient.why_unnamed:
        return _("%(name)s; pages speak of the office alone: %(reason)s") % {
            "name": words.name,
            "reason": reason,
        }
    return str(words.name)


class DayColumn(Column):
    def get_value(self, instance: Recipient) -> str:
        day = getattr(instance, self.name)
        return date_format(day) if day else "–"


class StillHoldsColumn(Column):
    """A button for each whose time it is."""

    cell_template_name = "campaigns/admin/still_holds.html"

    def get_value(self, instance: Recipient) -> bool:
        return instance.awaits_check

    def get_cell_context_data(
        self, instance: Recipient, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "csrf_token": get_token(parent_context["request"])}


class RecipientViewSet(RecordViewSet):
    model = Recipient
    base_url_path = "recipients"
    add_view_class = RecipientAddView
    icon = "user"
    list_display = [
        "__str__",
        Column("holder", label=gettext_lazy("Holder"), accessor=told_holder),
        DayColumn("term_until", label=gettext_lazy("Term ends"), sort_key="term_until"),
        DayColumn("checked_on", label=gettext_lazy("Checked"), sort_key="checked_on"),
        StillHoldsColumn("still_holds", label=gettext_lazy("Any change?")),
    ]
    list_per_page = 50
    filterset_class = RecipientFilterSet
    search_fields = ["city__names__name", "city__names__region", "words__name", "words__title"]
    search_backend_name = None

    def get_queryset(self, request: AuthenticatedHttpRequest) -> RecipientQuerySet:
        return recipient_policy.own(request.user).with_names()
