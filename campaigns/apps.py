from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from accounts.confirming import ask_about
        from campaigns import permissions
        from campaigns.publishing import at_scale, campaign_deletion, publish, signed_words
        from campaigns.records import pauses
        from campaigns.tables import writing

        permissions.register()
        pauses.watch()
        campaign_deletion.register()
        publish.make_whole()
        signed_words.register()
        ask_about(at_scale.publishes_at_scale)
        writing.protect_exports()
