"""All petitions in the admin: the list, changes of many, the summary on the admin's home."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from campaigns.publishing.bulk import LOG_BULK_CHANGE
from dashboard.summary import add_summary
from dashboard.views.bulk import bulk
from dashboard.views.petitions import PetitionsMenuItem, PetitionsView


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("petitions/", PetitionsView.as_view(), name="petition_list"),
        path(
            "petitions/results/",
            PetitionsView.as_view(results_only=True),
            name="petition_list_results",
        ),
        path("petitions/bulk/", bulk, name="petition_bulk"),
    ]


@hooks.register("register_admin_menu_item")
def petitions_menu_item() -> MenuItem:
    return PetitionsMenuItem(_("Petitions"), reverse("petition_list"), icon_name="form", order=90)


hooks.register("construct_homepage_panels", add_summary)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        LOG_BULK_CHANGE,
        _("Change a petition with others"),
        _("The petition was changed with others"),
    )
