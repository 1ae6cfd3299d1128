"""What those who may not publish ask of those who may."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from campaigns.changes import ASKED, DECLINED, WITHDRAWN
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


@hooks.register("register_admin_menu_item")
def changes_menu_item() -> MenuItem:
    return changes.ChangesMenuItem(_("Requests"), reverse("changes"), icon_name="user", order=155)


hooks.register("construct_homepage_panels", changes.add_changes_panel)


@hooks.register("register_log_actions")
def log_asked_changes(actions: LogActionRegistry) -> None:
    actions.register_action(ASKED, _("Ask for a change"), _("A change was asked for"))
    actions.register_action(WITHDRAWN, _("Take a change back"), _("The change was taken back"))

    @actions.register_action(DECLINED)
    class DeclinedFormatter(LogFormatter):
        label = _("Decline a change")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            return str(_("The change was declined: %(reason)s") % log_entry.data)
