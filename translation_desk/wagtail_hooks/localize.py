"""The report of languages, and publishing what is translated."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from translation_desk.messages import warn_of_notes
from translation_desk.urls import replaced
from translation_desk.views.localize import hide_aliases, hide_translations
from translation_desk.views.pages_report import LanguagesMenuItem, LanguagesReport
from translation_desk.views.publishing import publish_translation

# Before wagtail-localize's own hook, which would publish the source's texts where others are
# missing, and after the request's transaction.
hooks.register("before_edit_page", publish_translation, order=-10)
hooks.register("before_edit_snippet", publish_translation, order=-10)
hooks.register("after_publish_page", warn_of_notes)
hooks.register("construct_reports_menu", hide_translations)
hooks.register("construct_page_action_menu", hide_aliases)
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


@hooks.register("register_reports_menu_item")
def languages_menu_item() -> MenuItem:
    return LanguagesMenuItem(
        gettext_lazy("Languages"),
        reverse("languages"),
        icon_name="wagtail-localize-language",
        order=10,
    )
