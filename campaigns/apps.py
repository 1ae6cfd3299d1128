from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns import permissions
        from campaigns.publishing import publish
        from campaigns.tables import writing

        permissions.register()
        publish.make_whole()
        writing.protect_exports()
