from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrityConfig(AppConfig):
    name = "integrity"
    verbose_name = _("Integrity")

    def ready(self) -> None:
        from integrity import permissions
        from integrity.desk import sweeping

        permissions.register()
        sweeping.register()
