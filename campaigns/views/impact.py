"""What a campaign's draft changes on its city pages, before it is published or approved."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page, TaskState

from accounts.confirming import confirmed
from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.impact import Impact, affects_cities
from campaigns.models import CampaignPage
from campaigns.permissions import campaigns_for
from campaigns.publishing.approving import approve, waiting_task
from campaigns.publishing.ask_changes import ask_change
from campaigns.publishing.publish import publish_draft
from campaigns.views.publishing import run_after_publishing


@confirmed
@require_http_methods(["GET", "POST"])
def impact(request: AuthenticatedHttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(CampaignPage, id=page_id)
    task = waiting_task(page, request.user)
    if not task and not campaigns_for(request.user).filter(pk=page.pk).exists():
        raise PermissionDenied
    rights = page.permissions_for_user(request.user)
    may_publish = page.live and rights.can_publish() and not rights.page_locked()
    if request.method == "POST":
        if not (task or may_publish):
            raise PermissionDenied
        return confirm(request, page, task)
    context = {
        "page_title": _("What this change touches"),
        "page_subtitle": page.get_admin_display_title(),
        "page": page,
        "impact": Impact(page),
        "ask_change": ask_change(page),
        "is_approving": task is not None,
        "may_publish": page.has_unpublished_changes and (task or may_publish),
    }
    return render(request, "campaigns/admin/impact.html", context)


def confirm(
    request: AuthenticatedHttpRequest, page: CampaignPage, task: TaskState | None
) -> HttpResponse:
    """Publishes the draft that was looked at, or approves it where it waits for that.

    Raises: ValidationError, which is told by `RefusedPageMiddleware`.
    """
    if request.POST.get("seen") != str(page.latest_revision_id):
        messages.error(request, _("The draft was changed meanwhile. Please look at it again."))
        return redirect("impact", page.pk)
    draft, number = page.get_latest_revision_as_object(), len(Impact(page).affected)
    if task:
        approve(task, request.user)
    else:
        publish_draft(page.latest_revision, request.user)
        run_after_publishing(request, page)
    messages.success(request, told(page, draft, number))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def told(page: CampaignPage, draft: CampaignPage, number: int) -> str:
    if draft.go_live_at and draft.go_live_at > timezone.now():
        return _("The change is scheduled. City pages show it from then on.")
    if CampaignPage.objects.get(pk=page.pk).has_unpublished_changes:
        return _("The change is approved. It is published after the next step of its review.")
    message = ngettext(
        "“%(title)s” is published. The change shows on %(number)s city page.",
        "“%(title)s” is published. The change shows on %(number)s city pages.",
        number,
    )
    return message % {"title": draft.title, "number": number}


def show_impact_first(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A campaign's editor sees which city pages a change touches, and publishes it there.

    The draft is saved by now, and nothing of it is live.
    """
    if not affects_cities(page):
        return None
    return redirect("impact", page.pk)


def impact_button(page: Page, user: User, *args: Any, **kwargs: Any) -> Iterator[Button]:
    is_changed = page.live and page.has_unpublished_changes
    is_campaign = issubclass(page.specific_class, CampaignPage)
    if is_changed and is_campaign and page.permissions_for_user(user).can_edit():
        address = reverse("impact", args=[page.pk])
        yield Button(_("What this change touches"), address, priority=6, icon_name="globe")
