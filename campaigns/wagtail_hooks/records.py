"""Cities, ties and petitions in the admin."""

from typing import Any

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from campaigns.views.due_recipients import LOG_HOLDER, still_holds
from campaigns.views.due_ties import LOG_CHECK, add_due_ties, still_so
from campaigns.viewsets.records import CityNameViewSet, RecordGroup

register_snippet(RecordGroup)
register_snippet(CityNameViewSet)


@hooks.register("insert_global_admin_css")
def admin_style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("register_admin_urls")
def still_so_urls() -> list[Any]:
    return [
        path("ties/<int:tie_id>/still-so/", still_so, name="still_so"),
        path("recipients/<int:recipient_id>/still-holds/", still_holds, name="still_holds"),
    ]


hooks.register("construct_homepage_panels", add_due_ties)


@hooks.register("register_log_actions")
def log_checks(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_CHECK, _("Check a tie’s status"), _("Status checked: no change"))
    actions.register_action(LOG_HOLDER, _("Check a recipient"), _("Holder checked: no change"))
