from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    name = "signatures"
    verbose_name = _("Signatures")

    def ready(self) -> None:
        from signatures import permissions
        from signatures.keeping import weighing  # noqa: F401
        from signatures.views import bounces

        permissions.register()
        bounces.watch()
