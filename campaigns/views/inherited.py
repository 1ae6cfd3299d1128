"""What a city's page shows of its campaign; an editor hides items in every language at once."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns import changes
from campaigns.changes import Refused
from campaigns.impact import words_of
from campaigns.models import Petition, PetitionPage
from campaigns.permissions import petition_policy
from campaigns.publishing.inherited import as_asked, inherited_items, show_only
from campaigns.publishing.publishers import not_theirs, whom_to_ask
from campaigns.views.changes import prepared, refuse_change

FIELDS = ("listed", "shown")


@require_http_methods(["GET", "POST"])
def inherited(request: AuthenticatedHttpRequest, page_id: int) -> HttpResponse:
    if not petition_policy.user_has_permission(request.user, "change"):
        raise PermissionDenied
    own = petition_policy.own(request.user)
    page = get_object_or_404(PetitionPage, id=page_id, petition__in=own)
    concerned = Petition.objects.filter(pk=page.petition_id)
    is_refused = not_theirs(request.user, concerned).exists()
    if request.method == "POST" and is_refused:
        right = petition_policy.named("change")
        return refuse_change(request, Refused(concerned, concerned, right, FIELDS))
    if request.method == "POST":
        show_only(page, request.POST.getlist("shown"), request.user)
        changes.settle(request)
        messages.success(request, _("The page shows what you chose, in every language."))
        return redirect("inherited", page.pk)
    context = {
        "page_title": _("Inherited content"),
        "page_subtitle": page.get_admin_display_title(),
        "page": page,
        "reason": whom_to_ask() if is_refused else "",
        "items": as_asked(inherited_items(page), prepared(request)),
        "order": [f"{block.block.label}: {words_of(block)}" for block in page.blocks],
    }
    return render(request, "campaigns/admin/inherited.html", context)


def inherited_button(page: Page, user: User, *args: Any, **kwargs: Any) -> Iterator[Button]:
    is_city = issubclass(page.specific_class, PetitionPage)
    if is_city and petition_policy.user_has_permission(user, "change"):
        address = reverse("inherited", args=[page.pk])
        yield Button(_("Inherited content"), address, priority=5, icon_name="list-ul")
