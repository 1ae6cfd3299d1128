"""The report of languages; and nothing half-translated goes live."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page, TranslatableMixin
from wagtail.permission_policies.pages import PagePermissionPolicy

from accounts.requests import AuthenticatedHttpRequest
from translation_desk.messages import may_go_live, warn_of_notes
from translation_desk.urls import replaced
from translation_desk.views.localize import sees_translations
from translation_desk.views.pages_report import RIGHTS, LanguagesReport
from translations.gaps import gaps, name_gaps, translation_of
from translations.submission import publish_what_is_translated


def is_publishing(request: HttpRequest) -> bool:
    return request.method == "POST" and (
        request.POST.get("action") == "publish" or "action-publish" in request.POST
    )


# Before wagtail-localize's own hook, which would publish the source's texts where others are
# missing, and after the request's transaction.
@hooks.register("before_edit_page", order=-10)
@hooks.register("before_edit_snippet", order=-10)
def refuse_half_translations(
    request: AuthenticatedHttpRequest, instance: Model
) -> HttpResponse | None:
    if not isinstance(instance, TranslatableMixin) or not is_publishing(request):
        return None
    translation = translation_of(instance)
    if translation is None:
        return None
    model = getattr(instance, "specific_class", type(instance))
    found = [*name_gaps(instance), *gaps(translation, model)]
    if not may_go_live(request, getattr(instance, "specific", instance), found):
        return redirect(request.get_full_path())
    if not isinstance(instance, Page):
        return None
    if not instance.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    try:
        publish_what_is_translated(translation, request.user)
    except ValidationError:
        # wagtail-localize runs into it, too, and shows it beside the text.
        return None
    instance.refresh_from_db(fields=["title"])
    messages.success(request, _("“%(title)s” is published.") % {"title": instance.title})
    return redirect(request.get_full_path())


hooks.register("after_publish_page", warn_of_notes)


# Before wagtail-localize's own.
hooks.register("register_admin_urls", replaced, order=-10)


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    return [
        path("reports/languages/", LanguagesReport.as_view(), name="languages"),
        path(
            "reports/languages/results/",
            LanguagesReport.as_view(results_only=True),
            name="languages_results",
        ),
    ]


class LanguagesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(PagePermissionPolicy().user_has_any_permission(request.user, RIGHTS))


@hooks.register("register_reports_menu_item")
def languages_menu_item() -> MenuItem:
    return LanguagesMenuItem(
        gettext_lazy("Languages"),
        reverse("languages"),
        icon_name="wagtail-localize-language",
        order=10,
    )


@hooks.register("construct_reports_menu")
def hide_translations(request: AuthenticatedHttpRequest, items: list[Any]) -> None:
    if not sees_translations(request.user):
        items[:] = [item for item in items if item.name != "translations"]


@hooks.register("construct_page_action_menu")
def hide_aliases(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    items[:] = [item for item in items if item.name != "localize-convert-to-alias"]
