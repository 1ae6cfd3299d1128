from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficersDeskConfig(AppConfig):
    name = "officers_desk"
    verbose_name = _("Signers’ desk")

    def ready(self) -> None:
        from officers_desk import permissions
        from officers_desk.exports import asking

        permissions.register()
        asking.register()
