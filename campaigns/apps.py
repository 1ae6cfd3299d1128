from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns import lost_targets, publishing, times

        times.register()
        publishing.make_whole()
        lost_targets.tolerate()
        from wagtail.admin.telepath import register
        from wagtail.admin.telepath.widgets import WidgetAdapter
        from wagtail.admin.widgets import AdminDateInput

        # In blocks, too, a date field is the browser's own; see the template of the widget.
        register(WidgetAdapter(), AdminDateInput)
