"""Records in the admin, of which everybody sees what belongs to their own work."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.snippets.views.snippets import HistoryView, SnippetViewSet, UsageView

from campaigns.access import may_change


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


class RecordViewSet(SnippetViewSet):
    # A copy begins as what it copies, which may be somebody else's; and each of these is one.
    copy_view_enabled = False
    history_view_class = RecordHistoryView
    usage_view_class = RecordUsageView
