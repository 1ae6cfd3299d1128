"""What those who may not publish ask of those who may."""

from typing import Any

from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from accounts.requests import AuthenticatedHttpRequest
from campaigns.changes import (
    ASKED,
    DECLINED,
    WITHDRAWN,
    asked_by,
    may_ask,
    may_decide,
    waiting_for,
)
from campaigns.views import changes


@hooks.register("register_admin_urls")
def changes_urls() -> list[Any]:
    return [
        path("changes/", changes.change_list, name="changes"),
        path("changes/<uuid:change_id>/", changes.change_detail, name="change"),
        path(
            "changes/<uuid:change_id>/take-back/", changes.withdraw_change, name="withdraw_change"
        ),
    ]


class ChangesMenuItem(MenuItem):
    """With the number of those that wait for the reader."""

    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return may_decide(request.user) or asked_by(request.user).exists()

    def render_component(self, request: AuthenticatedHttpRequest) -> Component:
        component = super().render_component(request)
        if waiting := len(waiting_for(request.user)):
            component.label = _("%(label)s (%(number)s)") % {
                "label": self.label,
                "number": number_format(waiting),
            }
        return component


@hooks.register("register_admin_menu_item")
def changes_menu_item() -> MenuItem:
    return ChangesMenuItem(_("Requests"), reverse("changes"), icon_name="user", order=155)


@hooks.register("construct_homepage_panels")
def add_changes(request: AuthenticatedHttpRequest, panels: list[Any]) -> None:
    if may_ask(request.user):
        panels.append(changes.ChangesPanel(request.user))


@hooks.register("register_log_actions")
def log_asked_changes(actions: LogActionRegistry) -> None:
    actions.register_action(ASKED, _("Ask for a change"), _("A change was asked for"))
    actions.register_action(WITHDRAWN, _("Take a change back"), _("The change was taken back"))

    @actions.register_action(DECLINED)
    class DeclinedFormatter(LogFormatter):
        label = _("Decline a change")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            return str(_("The change was declined: %(reason)s") % log_entry.data)
