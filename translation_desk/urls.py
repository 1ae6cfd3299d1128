"""The addresses of wagtail-localize that answer otherwise here, by their names, in one table."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from wagtail_localize import wagtail_hooks as localize_hooks
from wagtail_localize.views import edit_translation
from wagtail_localize.views.snippets_api import SnippetViewSet

from translation_desk.views import localize, machine_drafts, po_files, strings

View = Callable[..., HttpResponseBase]

# docs/wagtail-localize.md says why each is replaced.
REPLACED: dict[str, View] = {
    "submit_page_translation": localize.SubmitPageTranslationView.as_view(),
    "submit_snippet_translation": localize.SubmitSnippetTranslationView.as_view(),
    "update_translations": localize.UpdateTranslationsView.as_view(),
    "edit_string_translation": localize.only_own_translations(strings.edit_string),
    "edit_override": localize.only_own_translations(strings.edit_override),
    "download_pofile": po_files.download_one,
    "upload_pofile": po_files.upload_one,
    "machine_translate": machine_drafts.machine_translate,
    "preview_translation": localize.only_own_translations(edit_translation.preview_translation),
    "stop_translation": localize.only_own_translations(localize.stop_translation),
    "convert_to_alias": localize.refuse_alias,
    "translations_report": localize.TranslationsReportView.as_view(),
    "translations_report_results": localize.TranslationsReportView.as_view(results_only=True),
    "snippets_api_listing": localize.only_known_snippets(SnippetViewSet.as_view({"get": "list"})),
    "snippets_api_detail": localize.only_known_snippets(
        SnippetViewSet.as_view({"get": "retrieve"})
    ),
}


def theirs() -> list[URLPattern]:
    """Wagtail-localize's own addresses, below `localize/`."""
    [below] = localize_hooks.register_admin_urls()
    patterns: list[URLPattern] = below.url_patterns
    return patterns


def replaced() -> list[Any]:
    """Ours at the same addresses; they are found first where they are registered first."""
    return [
        path(f"localize/{pattern.pattern}", REPLACED[pattern.name])
        for pattern in theirs()
        if pattern.name in REPLACED
    ]
