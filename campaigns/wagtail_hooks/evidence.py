"""The evidence ledger, and what city pages inherit."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from campaigns.evidence import views
from campaigns.publishing.inherited import LOG_INHERITED
from campaigns.views import inherited


@hooks.register("register_admin_urls")
def evidence_urls() -> list[Any]:
    return [
        path("reports/evidence/", views.LedgerView.as_view(), name="evidence"),
        path("inherited/<int:page_id>/", inherited.inherited, name="inherited"),
    ]


@hooks.register("register_reports_menu_item")
def evidence_menu_item() -> MenuItem:
    return views.EvidenceMenuItem(_("Evidence"), reverse("evidence"), icon_name="warning", order=5)


hooks.register("register_page_header_buttons", inherited.inherited_button)
hooks.register("register_page_listing_more_buttons", inherited.inherited_button)


@hooks.register("register_log_actions")
def log_evidence(actions: LogActionRegistry) -> None:
    actions.register_action(
        LOG_INHERITED, _("Choose inherited content"), _("Inherited content was chosen")
    )
    actions.register_action(
        views.LOG_SOURCE_CHECK, _("Note a source’s state"), _("A source’s state was noted")
    )
