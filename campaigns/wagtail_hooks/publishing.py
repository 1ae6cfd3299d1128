"""What publishing in the admin brings with it, and when it is refused or asked about."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from accounts.models import User
from campaigns.impact import affects_cities
from campaigns.models import CampaignPage
from campaigns.views import impact
from campaigns.views.publishing import PublishEach

# After Wagtail's own, in whose place it stands.
hooks.register("register_bulk_action", PublishEach, order=10)


@hooks.register("register_admin_urls")
def impact_urls() -> list[Any]:
    return [path("impact/<int:page_id>/", impact.impact, name="impact")]


@hooks.register("before_publish_page")
def show_impact_first(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A campaign's editor sees which city pages a change touches, and publishes it there.

    The draft is saved by now, and nothing of it is live.
    """
    if impact.is_confirmed(request) or not affects_cities(page):
        return None
    return redirect("impact", page.pk)


@hooks.register("insert_editor_js")
def wait_for_saving() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/saving.js"))


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def impact_button(page: Page, user: User, *args: Any, **kwargs: Any) -> Iterator[Button]:
    is_changed = page.live and page.has_unpublished_changes
    is_campaign = issubclass(page.specific_class, CampaignPage)
    if is_changed and is_campaign and page.permissions_for_user(user).can_edit():
        address = reverse("impact", args=[page.pk])
        yield Button(_("What this change touches"), address, priority=6, icon_name="globe")
