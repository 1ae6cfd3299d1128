"""The moderators' list: comments that wait for a decision."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.log_actions import log

from signatures.models import Signature

PER_PAGE = 50
DECISIONS = {"approve": Signature.Comment.APPROVED, "reject": Signature.Comment.REJECTED}
PERMISSION = "signatures.moderate_comments"


@permission_required(PERMISSION)
@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest) -> HttpResponse:
    """Lists comments in one state; a post decides about one of them."""
    shown = request.GET.get("state", Signature.Comment.WAITING)
    if shown not in Signature.Comment.values or shown == Signature.Comment.NONE:
        shown = Signature.Comment.WAITING
    if request.method == "POST":
        decide(request)
        return redirect(request.get_full_path())
    rows = (
        Signature.objects.confirmed()
        .filter(comment_state=shown, anonymised_at=None)
        .select_related("petition__tie", "text")
        .order_by("confirmed_at", "id")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    states = [
        (state.value, state.label) for state in Signature.Comment if state != Signature.Comment.NONE
    ]
    context = {"page": page, "shown": shown, "states": states, "page_title": _("Comments")}
    return render(request, "signatures/admin/comments.html", context)


def decide(request: HttpRequest) -> None:
    """Approves or rejects, and writes into the audit log who did so."""
    decision = DECISIONS.get(request.POST.get("decision", ""))
    if decision is None:
        messages.error(request, _("Choose to show or not to show the comment."))
        return
    rows = Signature.objects.confirmed().exclude(comment_state=Signature.Comment.NONE)
    try:
        signature = rows.get(pk=request.POST.get("signature", ""))
    except (Signature.DoesNotExist, ValueError, ValidationError):
        messages.error(request, _("This comment is no longer there: its signer took it back."))
        return
    Signature.objects.filter(pk=signature.pk).update(comment_state=decision)
    log(instance=signature, action=f"signatures.comment_{decision}", user=request.user)
    messages.success(request, _("The decision is saved."))
