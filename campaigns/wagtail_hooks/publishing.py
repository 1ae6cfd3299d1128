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
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from campaigns.content_checks import problems
from campaigns.models import CampaignPage
from campaigns.models.public_pages import PublicPageMixin
from campaigns.views import reach


@hooks.register("before_bulk_action")
def refuse_to_publish(
    request: HttpRequest, action: str, objects: list[Any], view: Any
) -> HttpResponse | None:
    if action != "publish":
        return None
    refused = [each for each in objects if isinstance(each, Page) and has_severe_problem(each)]
    if not refused:
        return None
    titles = ", ".join(page.get_admin_display_title() for page in refused)
    messages.error(
        request,
        _("Nothing was published. First put right what these pages’ editors show: %(titles)s.")
        % {"titles": titles},
    )
    return redirect(view.next_url)


def has_severe_problem(page: Page) -> bool:
    draft = page.get_latest_revision_as_object()
    return isinstance(draft, PublicPageMixin) and any(
        problem.is_severe for problem in problems(draft)
    )


@hooks.register("register_admin_urls")
def reach_urls() -> list[Any]:
    return [path("reach/<int:page_id>/", reach.reach, name="reach")]


# After those that refuse.
@hooks.register("before_publish_page", order=10)
def show_reach_first(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A campaign's editor sees which city pages a change touches, and publishes it there.

    The draft is saved by now, and nothing of it is live.
    """
    if not isinstance(page, CampaignPage) or reach.is_confirmed(request):
        return None
    live = CampaignPage.objects.filter(pk=page.pk, live=True).first()
    if live is None or not reach.touches_cities(live):
        return None
    return redirect("reach", page.pk)


@hooks.register("insert_editor_js")
def wait_for_saving() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/saving.js"))


@hooks.register("after_publish_page")
def finish_publishing(request: HttpRequest, page: Page) -> None:
    if isinstance(page, PublicPageMixin):
        page.after_publishing()


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def reach_button(page: Page, user: Any, *args: Any, **kwargs: Any) -> Iterator[Button]:
    is_changed = page.live and page.has_unpublished_changes
    is_campaign = issubclass(page.specific_class, CampaignPage)
    if is_changed and is_campaign and page.permissions_for_user(user).can_edit():
        address = reverse("reach", args=[page.pk])
        yield Button(_("What this change touches"), address, priority=6, icon_name="globe")
