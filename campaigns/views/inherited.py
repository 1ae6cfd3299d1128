"""What a city's page shows of its campaign; an editor hides items in every language at once."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.requests import AuthenticatedHttpRequest
from campaigns import changes
from campaigns.changes import Refused
from campaigns.impact import words_of
from campaigns.models import Petition, PetitionPage
from campaigns.permissions import petitions_for
from campaigns.publishing.inherited import as_asked, inherited_items, show_only
from campaigns.publishing.publishers import not_theirs, whom_to_ask
from campaigns.views.changes import prepared, refuse_change

PERMISSION = "campaigns.change_petition"
FIELDS = ("listed", "shown")


@require_http_methods(["GET", "POST"])
def inherited(request: AuthenticatedHttpRequest, page_id: int) -> HttpResponse:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    page = get_object_or_404(PetitionPage, id=page_id, petition__in=petitions_for(request.user))
    concerned = Petition.objects.filter(pk=page.petition_id)
    is_refused = not_theirs(request.user, concerned).exists()
    if request.method == "POST" and is_refused:
        return refuse_change(request, Refused(concerned, concerned, PERMISSION, FIELDS))
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
