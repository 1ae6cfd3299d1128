"""Recipients of whom nobody has looked for long who holds the office: one press says no change."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.log_actions import log

from accounts.requests import AuthenticatedHttpRequest
from campaigns.changes import Refused, settle
from campaigns.models import Recipient
from campaigns.permissions import recipient_policy
from campaigns.publishing.publishers import not_theirs, petitions_showing
from campaigns.views.asking import ask_again, has_seen
from campaigns.views.changes import prepared, refuse_change

LOG_HOLDER = "campaigns.check_recipient"


@require_http_methods(["GET", "POST"])
def still_holds(request: AuthenticatedHttpRequest, recipient_id: int) -> HttpResponse:
    """Says that an office is held by whom its reader saw. Who may not publish asks."""
    if not recipient_policy.user_has_permission(request.user, "change"):
        raise PermissionDenied
    own = recipient_policy.own(request.user).with_names()
    recipient = get_object_or_404(own, pk=recipient_id)
    if request.method == "GET":
        prepared(request)
    if request.method == "GET" or not has_seen(request, recipient.known):
        return ask_whether_still_holds(request, recipient)
    touched = petitions_showing(recipient)
    refused = Refused(touched, [recipient], recipient_policy.named("change"), ["seen"])
    if not_theirs(request.user, touched).exists():
        return refuse_change(request, refused)
    recipient.checked_on = timezone.localdate()
    recipient.save()
    log(instance=recipient, action=LOG_HOLDER, user=request.user)
    settle(request)
    messages.success(request, _("Noted: %(recipient)s, no change.") % {"recipient": recipient})
    return redirect(to_check())


def to_check() -> str:
    return reverse("wagtailsnippets_campaigns_recipient:list") + "?due=true"


def ask_whether_still_holds(
    request: AuthenticatedHttpRequest, recipient: Recipient
) -> HttpResponse:
    holder = recipient.holder_in(get_language() or "") or _("office alone")
    lines = [_("%(recipient)s: %(holder)s.") % {"recipient": recipient, "holder": holder}]
    if recipient.checked_on:
        day = date_format(recipient.checked_on, "DATE_FORMAT")
        lines.append(_("Last checked on %(day)s.") % {"day": day})
    return ask_again(
        request,
        recipient.known,
        page_title=_("Any change?"),
        page_subtitle=str(recipient),
        lines=lines,
        button=_("No change"),
        is_harmless=True,
        back=to_check(),
    )
