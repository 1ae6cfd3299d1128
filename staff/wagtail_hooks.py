"""What Wagtail's log of actions calls ours."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from staff.leaving import LOG_LET_GO


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_LET_GO, _("End access"), _("Access ended"))
