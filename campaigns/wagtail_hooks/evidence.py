"""The evidence ledger, and what city pages inherit."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from accounts.models import User
from campaigns.evidence import views
from campaigns.models import PetitionPage
from campaigns.publishing.inherited import LOG_INHERITED
from campaigns.views import inherited


@hooks.register("register_admin_urls")
def evidence_urls() -> list[Any]:
    return [
        path("reports/evidence/", views.LedgerView.as_view(), name="evidence"),
        path("inherited/<int:page_id>/", inherited.inherited, name="inherited"),
    ]


class EvidenceMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("campaigns.view_petition"))


@hooks.register("register_reports_menu_item")
def evidence_menu_item() -> MenuItem:
    return EvidenceMenuItem(_("Evidence"), reverse("evidence"), icon_name="warning", order=5)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def inherited_button(page: Page, user: User, *args: Any, **kwargs: Any) -> Iterator[Button]:
    is_city = issubclass(page.specific_class, PetitionPage)
    if is_city and user.has_perm(inherited.PERMISSION):
        address = reverse("inherited", args=[page.pk])
        yield Button(_("Inherited content"), address, priority=5, icon_name="list-ul")


@hooks.register("register_log_actions")
def log_evidence(actions: LogActionRegistry) -> None:
    actions.register_action(
        LOG_INHERITED, _("Choose inherited content"), _("Inherited content was chosen")
    )
    actions.register_action(
        views.LOG_SOURCE_CHECK, _("Note a source’s state"), _("A source’s state was noted")
    )
