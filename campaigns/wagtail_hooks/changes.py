"""What those who may not publish ask of those who may."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter

from campaigns.changes import ASKED, DECLINED
from campaigns.views import changes


@hooks.register("register_admin_urls")
def changes_urls() -> list[Any]:
    return [
        path("changes/", changes.change_list, name="changes"),
        path("changes/<uuid:change_id>/", changes.change_detail, name="change"),
    ]


@hooks.register("construct_homepage_panels")
def add_changes(request: HttpRequest, panels: list[Any]) -> None:
    if changes.may_ask(request.user):
        panels.append(changes.ChangesPanel(request.user))


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(ASKED, _("Ask for a change"), _("A change was asked for"))

    @actions.register_action(DECLINED)
    class DeclinedFormatter(LogFormatter):
        label = _("Decline a change")

        def format_message(self, log_entry: Any) -> str:
            return str(_("The change was declined: %(reason)s") % log_entry.data)
