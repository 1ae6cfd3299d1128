"""The report of languages; and nothing half-translated goes live."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.menu import MenuItem
from wagtail.models import Page, TranslatableMixin
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail_localize.views import edit_translation
from wagtail_localize.views.snippets_api import SnippetViewSet

from campaigns.completeness import Gap, gaps, name_gaps, translation_of
from campaigns.translating import publish_what_is_translated
from campaigns.views import saving
from campaigns.views.going_live import LISTED, warn_of_notes
from campaigns.views.languages import RIGHTS, LanguagesReport
from campaigns.views.translations import (
    SubmitPageTranslationView,
    SubmitSnippetTranslationView,
    TranslationsReportView,
    UpdateTranslationsView,
    of_known_kind,
    of_own_work,
    refuse_alias,
    sees_translations,
    stop_translation,
)

TRANSLATION = "localize/translate/<int:translation_id>/"
OWN_WORK = {
    "strings/<int:string_segment_id>/edit/": saving.edit_string,
    "overrides/<int:overridable_segment_id>/edit/": saving.edit_override,
    "machine_translate/": edit_translation.machine_translate,
    "preview/": edit_translation.preview_translation,
    "preview/<str:mode>/": edit_translation.preview_translation,
    "disable/": stop_translation,
}
SNIPPETS = "localize/api/snippets/<slug:app_label>/<slug:model_name>/"


def sentence(instance: Any, found: list[Gap], refused: bool) -> SafeString:
    """What is missing, each with its field, and where to translate it."""
    if refused:
        heading = ngettext(
            "“%(title)s” cannot be published: %(count)s text that visitors need is not translated.",
            "“%(title)s” cannot be published: %(count)s texts that visitors need are not "
            "translated.",
            len(found),
        )
    else:
        heading = ngettext(
            "“%(title)s” has %(count)s text that is not translated. It stays as it is live now, "
            "or is left out until then.",
            "“%(title)s” has %(count)s texts that are not translated. They stay as they are live "
            "now, or are left out until then.",
            len(found),
        )
    editor = AdminURLFinder().get_edit_url(instance) or ""
    draft = _("(a draft waits to be accepted)")
    lines = [
        (
            gap.address or f"{editor}{gap.anchor}",
            gap.field,
            Truncator(gap.source).chars(80),
            draft if gap.has_draft else "",
        )
        for gap in found[:LISTED]
    ]
    return format_html(
        '{} <ul>{}</ul> <a class="w-text-white w-underline" href="{}">{}</a>',
        heading % {"title": instance, "count": len(found)},
        format_html_join(
            "", '<li><a class="w-text-white w-underline" href="{}">{}: {}</a> {}</li>', lines
        ),
        f"{editor}#changes",
        _("To the translation"),
    )


def may_go_live(request: HttpRequest, instance: Any, found: list[Gap]) -> bool:
    """False, with the list of gaps shown, for a translation without an essential text.

    The rest is warned of, and what lacks a placeholder or does not keep to the glossary.
    """
    essential = [gap for gap in found if gap.is_essential]
    if essential:
        messages.error(request, sentence(instance, essential, refused=True))
        return False
    if found:
        messages.warning(request, sentence(instance, found, refused=False))
    warn_of_notes(request, instance)
    return True


def is_publishing(request: HttpRequest) -> bool:
    return request.method == "POST" and (
        request.POST.get("action") == "publish" or "action-publish" in request.POST
    )


# Before wagtail-localize's own hook, which would publish the source's texts where others are
# missing, and after the request's transaction.
@hooks.register("before_edit_page", order=-10)
@hooks.register("before_edit_snippet", order=-10)
def refuse_half_translations(request: HttpRequest, instance: Any) -> HttpResponse | None:
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


@hooks.register("register_admin_urls", order=-10)
def guarded_urls() -> list[Any]:
    """Answer in place of wagtail-localize's views at the same addresses."""
    return [
        path(
            "localize/update/<int:translation_source_id>/",
            UpdateTranslationsView.as_view(),
        ),
        path("localize/submit/page/<int:page_id>/", SubmitPageTranslationView.as_view()),
        path(
            "localize/submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/",
            SubmitSnippetTranslationView.as_view(),
        ),
        *(path(f"{TRANSLATION}{rest}", of_own_work(view)) for rest, view in OWN_WORK.items()),
        path("localize/page/<int:page_id>/convert_to_alias/", refuse_alias),
        path("localize/reports/translations/", TranslationsReportView.as_view()),
        path(
            "localize/reports/translations/results/",
            TranslationsReportView.as_view(results_only=True),
        ),
        path(SNIPPETS, of_known_kind(SnippetViewSet.as_view({"get": "list"}))),
        path(f"{SNIPPETS}<str:pk>/", of_known_kind(SnippetViewSet.as_view({"get": "retrieve"}))),
    ]


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
def hide_translations(request: HttpRequest, items: list[Any]) -> None:
    if not sees_translations(request.user):
        items[:] = [item for item in items if item.name != "translations"]


@hooks.register("construct_page_action_menu")
def hide_aliases(items: list[Any], request: HttpRequest, context: Any) -> None:
    items[:] = [item for item in items if item.name != "localize-convert-to-alias"]
