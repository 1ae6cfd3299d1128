"""Deleting several pages at once, none of them signed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction

from campaigns.publishing.page_rules import refuse_any, refuse_to_delete_page


class DeleteUnsigned(DeleteBulkAction):
    """Asks the same before it shows what it would delete, and before it does."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pages, _without_access = self.get_actionable_objects()
        try:
            refuse_any(refuse_to_delete_page, pages)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return redirect(self.next_url)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response
