"""What publishing in the admin brings with it, and when it is refused or asked about."""

from typing import Any

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from campaigns.views import changed_ask, impact, wording
from campaigns.views.publishing import PublishEach

# After Wagtail's own, in whose place it stands.
hooks.register("register_bulk_action", PublishEach, order=10)
hooks.register("before_publish_page", impact.show_impact_first)
hooks.register("before_publish_page", changed_ask.warn_of_changed_ask)
hooks.register("register_page_header_buttons", impact.impact_button)
hooks.register("register_page_listing_more_buttons", impact.impact_button)
hooks.register("register_page_header_buttons", wording.wording_button)
hooks.register("register_page_listing_more_buttons", wording.wording_button)


@hooks.register("register_admin_urls")
def impact_urls() -> list[Any]:
    return [
        path("impact/<int:page_id>/", impact.impact, name="impact"),
        path("changed-ask/<int:page_id>/", changed_ask.changed_ask, name="changed_ask"),
        path("wording/<int:page_id>/", wording.wording, name="wording"),
    ]


@hooks.register("insert_editor_js")
def wait_for_saving() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/saving.js"))
