"""Records in the admin, of which everybody sees what belongs to their own work."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.snippets.views.snippets import HistoryView, IndexView, SnippetViewSet, UsageView

from campaigns.access import may_change
from campaigns.folding import fold, has_words


class OfOwnWorkMixin:
    """Wagtail asks hooks before it shows a record to edit or delete, but not for its other pages.

    Raises: PermissionDenied, by the same rule.
    """

    request: HttpRequest

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        record = super().get_object(*args, **kwargs)  # type: ignore[misc]
        if not may_change(self.request.user, record):
            raise PermissionDenied
        return record


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


class RecordViewSet(SnippetViewSet):
    index_view_class = FoldedIndexView
    # A copy begins as what it copies, which may be somebody else's; and each of these is one.
    copy_view_enabled = False
    history_view_class = RecordHistoryView
    usage_view_class = RecordUsageView
