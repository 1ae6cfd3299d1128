"""Records in the admin, of which everybody sees what belongs to their own work."""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import (
    DeleteView,
    EditView,
    HistoryView,
    IndexView,
    SnippetViewSet,
    UsageView,
)

from accounts.requests import AuthenticatedHttpRequest
from campaigns import changes
from campaigns.changes import Refused
from campaigns.models import Petition
from campaigns.permissions import ANYTHING
from campaigns.publishing.publishers import not_theirs, petitions_showing, shows_at_once
from campaigns.records.petitions import PetitionQuerySet
from campaigns.views.changes import prepared, refuse_change, tell_differences
from translations.languages.folding import fold, has_words

if TYPE_CHECKING:
    from django.forms import BaseModelForm


class OfOwnWorkMixin:
    """Wagtail asks hooks before it shows a record to edit or delete, but not for its other pages.

    Raises: PermissionDenied, by the same rule.
    """

    request: AuthenticatedHttpRequest

    def get_object(self, *args: Any, **kwargs: Any) -> Model:
        record = super().get_object(*args, **kwargs)  # type: ignore[misc]
        policy = policy_registry.get_by_type(type(record))
        if not policy.user_has_any_permission_for_instance(self.request.user, ANYTHING, record):
            raise PermissionDenied
        return record


class AskingMixin:
    """What visitors would see at once is saved by those who may publish it; others ask them."""

    request: AuthenticatedHttpRequest
    model: Any
    permission_required: str

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        data = prepared(self.request)
        return kwargs if data is None else {**kwargs, "data": data}

    def get_form(self, *args: Any, **kwargs: Any) -> "BaseModelForm[Any]":
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        if self.request.method == "GET" and form.is_bound:
            tell_differences(self.request, form)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        # With what was asked for, so that it is known for done.
        return {**context, "action_url": self.request.get_full_path()}

    def form_valid(self, form: "BaseModelForm[Any]") -> HttpResponse:
        records = self.changed_records(form)
        touched = petitions_of(records)
        permission = policy_registry.get_by_type(self.model).named(self.permission_required)
        fields, changed = changes.fields_of(form), changes.changed_in(form)
        refused = Refused(touched, records[:1], permission, fields, changed=changed)
        if not_theirs(self.request.user, touched).exists():
            return refuse_change(self.request, refused)
        changes.keep_askable(self.request, refused)
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        changes.settle(self.request)
        return response

    def changed_records(self, form: "BaseModelForm[Any]") -> list[Any]:
        """The record as it is stored, and as it would be: an event may change its petition."""
        record = form.instance
        if not shows_at_once(record):
            return []
        return [*self.model.objects.filter(pk=record.pk), record]


def petitions_of(records: Iterable[Any]) -> PetitionQuerySet:
    keys = [key for each in records for key in petitions_showing(each).values_list("pk", flat=True)]
    return Petition.objects.filter(pk__in=keys)


class RecordEditView(AskingMixin, EditView):
    pass


class RecordDeleteView(AskingMixin, DeleteView):
    def changed_records(self, form: "BaseModelForm[Any]") -> list[Any]:
        # What is deleted keeps no key.
        return [copy(self.object)] if shows_at_once(self.object) else []

    def delete_action(self) -> None:
        """Raises: PermissionDenied, as Wagtail does where something else uses the record.

        Wagtail asks its index, which the worker may not have brought up to date yet.
        """
        try:
            super().delete_action()
        except ProtectedError as error:
            raise PermissionDenied from error

    def get_delete_url(self) -> str:
        return self.request.get_full_path()


class RecordHistoryView(OfOwnWorkMixin, HistoryView):
    pass


class RecordUsageView(OfOwnWorkMixin, UsageView):
    pass


class FoldedIndexView(IndexView):
    """Finds each word of a query in any of the `search_fields`, however it is spelled."""

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        words = fold(self.search_query or "").split() if self.is_searching else []
        if not words:
            return queryset
        texts: dict[Any, str] = defaultdict(str)
        for pk, *values in queryset.values_list("pk", *self.search_fields):
            texts[pk] += " ".join(["", *map(str, filter(None, values))])
        return queryset.filter(pk__in=[pk for pk, text in texts.items() if has_words(words, text)])


def _when_read(label: str) -> str | Promise:
    return gettext_lazy(label)


class TranslatedCrumbsMixin:
    """Wagtail looks the words of a list's first crumbs up once, when the site starts."""

    @property
    def breadcrumbs_items(self) -> list[dict[str, Any]]:
        crumbs = super().breadcrumbs_items  # type: ignore[misc]
        return [{**crumb, "label": _when_read(crumb["label"])} for crumb in crumbs]


class RecordViewSet(TranslatedCrumbsMixin, SnippetViewSet):
    index_view_class = FoldedIndexView
    edit_view_class = RecordEditView
    delete_view_class = RecordDeleteView
    # A copy begins as what it copies, which may be somebody else's; and each of these is one.
    copy_view_enabled = False
    history_view_class = RecordHistoryView
    usage_view_class = RecordUsageView
