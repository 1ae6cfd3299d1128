"""Log-ins and acts of two persons in the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from accounts.factors.lost import LOG_TAKEN_AWAY
from accounts.views import approvals, others, own


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("account/log-in/", own.own_log_in, name="own_log_in"),
        path("account/log-in/recovery-codes/", own.new_recovery_codes, name="new_recovery_codes"),
        path("account/log-in/<int:factor_id>/remove/", own.remove_factor, name="remove_factor"),
        path("account/log-in/sessions/end/", own.end_session, name="end_session"),
        path(
            "second-step/<int:user_id>/take-away/",
            others.take_away_factors,
            name="take_away_factors",
        ),
        path("approvals/", approvals.approval_list, name="approvals"),
        path("approvals/<uuid:approval_id>/", approvals.approval_detail, name="approval"),
        path(
            "approvals/<uuid:approval_id>/take-back/",
            approvals.take_back,
            name="take_back",
        ),
    ]


@hooks.register("register_account_menu_item")
def own_log_in_item(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("own_log_in"),
        "label": _("Your login"),
        "help_text": _("Passkeys, one-time codes, recovery codes, and where you are logged in."),
    }


hooks.register("register_user_listing_buttons", others.take_away_button)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        LOG_TAKEN_AWAY,
        _("Take away passkeys and codes"),
        _("Passkeys and codes were taken away"),
    )


@hooks.register("register_admin_menu_item")
def approvals_menu_item() -> MenuItem:
    return approvals.ApprovalsMenuItem(
        _("Approvals"), reverse("approvals"), icon_name="check", order=170
    )


hooks.register("construct_homepage_panels", approvals.add_panel)
