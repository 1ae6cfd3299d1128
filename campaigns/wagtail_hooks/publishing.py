"""Publishing many pages at once is refused for the same reasons as publishing one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from campaigns.content_checks import problems
from campaigns.models.pages import PublicPageMixin


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
