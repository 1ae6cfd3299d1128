"""Cities, ties and petitions in the admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from campaigns.viewsets.records import CityNameViewSet, RecordGroup

register_snippet(RecordGroup)
register_snippet(CityNameViewSet)


@hooks.register("insert_global_admin_css")
def admin_style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))
