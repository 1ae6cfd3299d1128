"""What a draft of a campaign's page changes on its city pages, before it is published."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin import messages

from campaigns.access import campaigns_for
from campaigns.content_checks import problems
from campaigns.models import CampaignPage
from campaigns.reach import changes, touched_pages


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the request comes from this view's own button."""
    return bool(request.resolver_match and request.resolver_match.url_name == "reach")


def touches_cities(live: CampaignPage) -> bool:
    return bool(touched_pages(changes(live, live.get_latest_revision_as_object())))


@require_http_methods(["GET", "POST"])
def reach(request: HttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(CampaignPage, id=page_id)
    if not campaigns_for(request.user).filter(pk=page.pk).exists():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    found = changes(page, draft)
    touched = touched_pages(found)
    rights = page.permissions_for_user(request.user)
    may_publish = page.live and rights.can_publish() and not rights.page_locked()
    if request.method == "POST":
        if not may_publish:
            raise PermissionDenied
        return publish(request, page, draft, len(touched))
    context = {
        "page_title": _("What this change touches"),
        "page_subtitle": page.get_admin_display_title(),
        "page": page,
        "changes": found,
        "touched": touched,
        "all_pages": page.city_pages(),
        "revision": page.latest_revision_id,
        "may_publish": may_publish and page.has_unpublished_changes,
    }
    return render(request, "campaigns/admin/reach.html", context)


def publish(request: HttpRequest, page: CampaignPage, draft: Any, number: int) -> HttpResponse:
    """Publishes the draft that was looked at, as the page's editor does."""
    if request.POST.get("revision") != str(page.latest_revision_id):
        messages.error(request, _("The draft was changed meanwhile. Please look at it again."))
        return redirect("reach", page.pk)
    severe = [problem.message for problem in problems(draft) if problem.is_severe]
    if severe:
        messages.error(request, _("First put this right: %(problem)s") % {"problem": severe[0]})
        return redirect("wagtailadmin_pages:edit", page.pk)
    for hook in hooks.get_hooks("before_publish_page"):
        response = hook(request, page)
        if isinstance(response, HttpResponse):
            return response
    PublishPageRevisionAction(page.latest_revision, user=request.user).execute()
    published = CampaignPage.objects.get(pk=page.pk)
    for hook in hooks.get_hooks("after_publish_page"):
        response = hook(request, published)
        if isinstance(response, HttpResponse):
            return response
    messages.success(request, told(draft, number))
    return redirect("wagtailadmin_explore", published.get_parent().pk)


def told(draft: Any, number: int) -> str:
    if draft.go_live_at and draft.go_live_at > timezone.now():
        return _("The change is scheduled. City pages show it from then on.")
    message = ngettext(
        "“%(title)s” is published. The change shows on %(number)s city page.",
        "“%(title)s” is published. The change shows on %(number)s city pages.",
        number,
    )
    return message % {"title": draft.title, "number": number}
