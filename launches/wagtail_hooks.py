"""Launching cities, from a campaign's page."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from launches import views


@hooks.register("register_admin_urls")
def launch_urls() -> list[Any]:
    return [
        path("launch/example.csv", views.example, {"kind": "csv"}, name="launch_example_csv"),
        path("launch/example.xlsx", views.example, {"kind": "xlsx"}, name="launch_example"),
        path("launch/<int:page_id>/", views.launch_page, name="launch"),
        path("launches/<uuid:launch_id>/", views.progress, name="launch_progress"),
    ]


hooks.register("register_page_header_buttons", views.launch_button)
hooks.register("register_page_listing_more_buttons", views.launch_button)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    @actions.register_action("campaigns.launch")
    class LaunchFormatter(LogFormatter):
        label = _("Launch cities")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            return str(_("Cities launched: %(cities)s") % log_entry.data)

    @actions.register_action("campaigns.take_back")
    class TakeBackFormatter(LogFormatter):
        label = _("Undo a launch")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            return str(_("Launch undone, cities: %(cities)s") % log_entry.data)
