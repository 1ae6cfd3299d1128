"""What translators find in the admin beside the texts: what waits, names, handing over, a mail."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from translation_desk.views import finishing, handover, names_report, waiting
from translations.sync import following


@hooks.register("register_admin_urls")
def translators_urls() -> list[Any]:
    return [
        path("translations/<int:translation_id>/ready/", handover.hand_over, name="hand_over"),
        path(
            "translations/<int:translation_id>/name/",
            names_report.translate_name,
            name="translate_name",
        ),
        path(
            "translations/all/<str:language>/ready/", finishing.hand_over_all, name="hand_over_all"
        ),
        path("translations/all/<str:language>/publish/", finishing.publish_all, name="publish_all"),
        path("reports/languages/names/", names_report.NamesReport.as_view(), name="city_names"),
        path(
            "reports/languages/names/results/",
            names_report.NamesReport.as_view(results_only=True),
            name="city_names_results",
        ),
    ]


hooks.register("construct_homepage_panels", waiting.add_waiting)
hooks.register("register_account_settings_panel", waiting.DigestPanel)
hooks.register("after_edit_snippet", names_report.show_new_names)


@hooks.register("register_log_actions")
def log_translators(actions: LogActionRegistry) -> None:
    actions.register_action(
        handover.LOG_HANDOVER, _("Send a translation for publishing"), _("Sent for publishing")
    )
    actions.register_action(
        following.LOG_ACTION,
        _("Bring a translation in line with its source"),
        _("Brought in line with its source, which was published"),
    )
