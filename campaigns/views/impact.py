"""What a campaign's draft changes on its city pages, before it is published or approved."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin import messages
from wagtail.models import Page, TaskState

from accounts.requests import AuthenticatedHttpRequest
from campaigns.impact import Impact
from campaigns.models import CampaignPage
from campaigns.permissions import campaigns_for
from campaigns.publishing.approving import approve, waiting_task
from campaigns.publishing.publish import refuse_unfit
from translations.refusals import shown


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the request comes from this view's own button."""
    return bool(request.resolver_match and request.resolver_match.url_name == "impact")


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
        "is_approving": task is not None,
        "may_publish": page.has_unpublished_changes and (task or may_publish),
    }
    return render(request, "campaigns/admin/impact.html", context)


def confirm(
    request: AuthenticatedHttpRequest, page: CampaignPage, task: TaskState | None
) -> HttpResponse:
    """Publishes the draft that was looked at, or approves it where it waits for that."""
    if request.POST.get("seen") != str(page.latest_revision_id):
        messages.error(request, _("The draft was changed meanwhile. Please look at it again."))
        return redirect("impact", page.pk)
    draft, number = page.get_latest_revision_as_object(), len(Impact(page).affected)
    try:
        refuse_unfit(draft)
        if task:
            approve(task, request.user)
        elif response := publish_seen(request, page):
            return response
    except ValidationError as error:
        messages.error(request, shown(page, error))
        return redirect("wagtailadmin_pages:edit", page.pk)
    messages.success(request, told(page, draft, number))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def publish_seen(request: HttpRequest, page: CampaignPage) -> HttpResponse | None:
    """As the page's editor does, with what others hang on it; they may answer in its place."""
    if response := run_hooks("before_publish_page", request, page):
        return response
    PublishPageRevisionAction(page.latest_revision, user=request.user).execute()
    return run_hooks("after_publish_page", request, CampaignPage.objects.get(pk=page.pk))


def run_hooks(name: str, request: HttpRequest, page: CampaignPage) -> HttpResponse | None:
    for hook in hooks.get_hooks(name):
        response = hook(request, page)
        if isinstance(response, HttpResponse):
            return response
    return None


def told(page: CampaignPage, draft: Page, number: int) -> str:
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
