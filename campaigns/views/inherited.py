"""What a city's page shows of its campaign; an editor hides items in every language at once."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.log_actions import log

from campaigns.access import petitions_for
from campaigns.models import PetitionPage
from campaigns.publishers import refuse_unpublished
from campaigns.reach import words_of

PERMISSION = "campaigns.change_petition"
LOG_ACTION = "campaigns.hide_blocks"


@dataclass(frozen=True)
class Item:
    id: str
    icon: str
    kind: str
    words: str
    is_shown: bool


def items(page: PetitionPage) -> list[Item]:
    hidden = set(page.petition.hidden_blocks)
    return [
        Item(
            block.id,
            block.block.meta.icon,
            str(block.block.label),
            words_of(block),
            block.id not in hidden,
        )
        for block in page.inheritable_blocks
    ]


@require_http_methods(["GET", "POST"])
def inherited(request: HttpRequest, page_id: int) -> HttpResponse:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    page = get_object_or_404(PetitionPage, id=page_id, petition__in=petitions_for(request.user))
    reason = ""
    try:
        refuse_unpublished(request.user, page.petition)
    except ValidationError as error:
        reason = " ".join(error.messages)
        if request.method == "POST":
            messages.error(request, reason)
            return redirect("inherited", page.pk)
    if request.method == "POST":
        shown = set(request.POST.getlist("shown"))
        petition = page.petition
        # Only blocks that are there: an id of one that was deleted is forgotten.
        petition.hidden_blocks = [item.id for item in items(page) if item.id not in shown]
        petition.save(update_fields=["hidden_blocks"])
        log(
            instance=petition,
            action=LOG_ACTION,
            user=request.user,
            data={"hidden": petition.hidden_blocks},
        )
        messages.success(request, _("The page shows what you chose, in every language."))
        return redirect("inherited", page.pk)
    context = {
        "page_title": _("Inherited content"),
        "page_subtitle": page.get_admin_display_title(),
        "page": page,
        "reason": reason,
        "items": items(page),
        "order": [f"{block.block.label}: {words_of(block)}" for block in page.blocks],
    }
    return render(request, "campaigns/admin/inherited.html", context)
