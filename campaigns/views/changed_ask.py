"""Asks before words are published in place of others that people have signed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import Page

from accounts.confirming import confirmed
from accounts.requests import AuthenticatedHttpRequest
from campaigns.publishing.ask_changes import AskChange, ask_change
from campaigns.publishing.publish import publish_draft
from campaigns.views.asking import ask_again, has_seen
from campaigns.views.publishing import run_after_publishing
from translations.gaps import translation_of
from translations.submission import publish_what_is_translated


def warn_of_changed_ask(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before a page is published in its editor. Its new words are saved by now, and not live."""
    return redirect("changed_ask", page.pk) if ask_change(page) else None


@confirmed
@require_http_methods(["GET", "POST"])
def changed_ask(request: AuthenticatedHttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=page_id).specific
    rights = page.permissions_for_user(request.user)
    if not rights.can_publish() or rights.page_locked():
        raise PermissionDenied
    change = ask_change(page)
    if change is None:
        return redirect("wagtailadmin_pages:edit", page.pk)
    if request.method != "POST" or not has_seen(request, change.checksum):
        return asked_of_change(request, page, change)
    if translation := translation_of(page):
        publish_what_is_translated(translation, request.user)
    else:
        publish_draft(page.latest_revision, request.user)
    run_after_publishing(request, page)
    messages.success(request, _("“%(title)s” is published.") % {"title": page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def asked_of_change(request: HttpRequest, page: Page, change: AskChange) -> HttpResponse:
    return ask_again(
        request,
        change.checksum,
        page_title=_("People have signed what you change"),
        page_subtitle=page.get_admin_display_title(),
        lines=change.lines,
        button=_("Publish the change"),
        back=reverse("wagtailadmin_pages:edit", args=[page.pk]),
    )
