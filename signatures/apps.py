from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    name = "signatures"
    verbose_name = _("Signatures")

    def ready(self) -> None:
        from signatures import bounces, permissions
        from signatures.keeping import weighing  # noqa: F401

        permissions.register()
        bounces.watch()
