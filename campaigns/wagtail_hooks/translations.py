"""The report of languages; and nothing half-translated goes live."""

from typing import Any

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

from campaigns.completeness import Gap, gaps, translation_of
from campaigns.translating import refresh_draft
from campaigns.translation_notes import Note, notes_of
from campaigns.views.languages import RIGHTS, LanguagesReport
from campaigns.views.translations import (
    SubmitPageTranslationView,
    SubmitSnippetTranslationView,
    UpdateTranslationsView,
)

LISTED = 10


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
            "“%(title)s” has %(count)s text that is not translated; it shows in the source "
            "language.",
            "“%(title)s” has %(count)s texts that are not translated; they show in the source "
            "language.",
            len(found),
        )
    draft = _("(a draft waits to be accepted)")
    lines = [
        (gap.field, Truncator(gap.source).chars(80), draft if gap.has_draft else "")
        for gap in found[:LISTED]
    ]
    return listed(
        instance,
        heading % {"title": instance, "count": len(found)},
        format_html_join("", "<li>{}: {} {}</li>", lines),
    )


def listed(instance: Any, heading: str, lines: SafeString) -> SafeString:
    return format_html(
        '{} <ul>{}</ul> <a href="{}">{}</a>',
        heading,
        lines,
        AdminURLFinder().get_edit_url(instance) or "",
        _("To the translation"),
    )


def glossary_sentence(instance: Any, broken: list[Note]) -> SafeString:
    """Which texts call the glossary's terms otherwise."""
    heading = ngettext(
        "“%(title)s” has %(count)s text that does not keep to the glossary.",
        "“%(title)s” has %(count)s texts that do not keep to the glossary.",
        len(broken),
    )
    lines = [
        (note.field, Truncator(note.source).chars(80), " ".join(note.remarks))
        for note in broken[:LISTED]
    ]
    return listed(
        instance,
        heading % {"title": instance, "count": len(broken)},
        format_html_join("", "<li>{}: {} {}</li>", lines),
    )


def may_go_live(request: HttpRequest, instance: Any) -> bool:
    """False, with the list of gaps shown, for a translation without an essential text.

    The rest, and what does not keep to the glossary, is warned of.
    """
    translation = translation_of(instance)
    if translation is None:
        return True
    found = gaps(translation, type(instance))
    essential = [gap for gap in found if gap.is_essential]
    if essential:
        messages.error(request, sentence(instance, essential, refused=True))
        return False
    if found:
        messages.warning(request, sentence(instance, found, refused=False))
    # What is only drafted does not go live.
    broken = [note for note in notes_of(translation, type(instance)).broken if not note.is_draft]
    if broken:
        messages.warning(request, glossary_sentence(instance, broken))
    return True


def is_publishing(request: HttpRequest) -> bool:
    return request.method == "POST" and (
        request.POST.get("action") == "publish" or "action-publish" in request.POST
    )


# Before wagtail-localize's own hook, which publishes.
@hooks.register("before_edit_page", order=-10)
@hooks.register("before_edit_snippet", order=-10)
def refuse_half_translations(request: HttpRequest, instance: Any) -> HttpResponse | None:
    translatable = isinstance(instance, TranslatableMixin) and is_publishing(request)
    if translatable and not may_go_live(request, getattr(instance, "specific", instance)):
        return redirect(request.get_full_path())
    return None


@hooks.register("before_publish_page")
def refuse_in_editor(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Where Wagtail's own editor publishes, after a workflow too."""
    if may_go_live(request, page.specific):
        return None
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def refuse_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    if action_type != "publish" or request.method != "POST":
        return None
    allowed = [may_go_live(request, getattr(each, "specific", each)) for each in objects]
    if not all(allowed):
        return redirect(action.next_url)
    for each in objects:
        # What is published is the draft, which may be older than its translation.
        if isinstance(each, Page) and (translation := translation_of(each)):
            refresh_draft(translation, each)
    return None


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
