"""Jobs in the admin, for administrators."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from jobs import views


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [path("jobs/", views.jobs, name="jobs")]


@hooks.register("register_reports_menu_item")
def jobs_menu_item() -> MenuItem:
    return views.JobsMenuItem(_("Jobs"), reverse("jobs"), icon_name="cogs", order=900)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("jobs.again", _("Try a job again"), _("The job was tried again"))
    actions.register_action("jobs.drop", _("Drop a job"), _("The job was dropped"))
