"""Deleting pages: never signed ones, and a campaign by two persons."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction
from wagtail.models import Page

from accounts import second_person
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CampaignPage
from campaigns.publishing import campaign_deletion
from campaigns.publishing.page_rules import refuse_any, refuse_to_delete_page
from security.audit import refuse_addresses


class DeleteUnsigned(DeleteBulkAction):
    """Asks the same before it shows what it would delete, and before it does."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pages, _without_access = self.get_actionable_objects()
        try:
            refuse_any(refuse_to_delete_page, pages)
            refuse_any(campaign_deletion.refuse_to_delete_alone, pages)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return redirect(self.next_url)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class AskForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        validators=[refuse_addresses],
        help_text=gettext_lazy("For the second person, and for the log."),
        error_messages={"required": gettext_lazy("Say why.")},
    )


def ask_second_person(request: AuthenticatedHttpRequest, page: Page) -> HttpResponse | None:
    """In place of Wagtail's own page, where a campaign would be deleted."""
    try:
        campaign_deletion.refuse_to_delete_alone(page)
        return None
    except ValidationError as error:
        if not issubclass(page.specific_class, CampaignPage):
            messages.error(request, " ".join(error.messages))
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    if not page.permissions_for_user(request.user).can_delete():
        raise PermissionDenied
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        second_person.ask(campaign_deletion.ACT, page.pk, request.user, reason)
        messages.success(
            request, _("Asked. Nothing is deleted before somebody else grants it, within a week.")
        )
        return redirect("approvals")
    context = {
        "page_title": _("Delete a campaign"),
        "page_subtitle": page.specific.get_admin_display_title(),
        "cities": page.get_descendants().count(),
        "form": form,
        "page": page,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "campaigns/admin/delete_campaign.html", context, status=status)
