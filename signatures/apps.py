from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    name = "signatures"
    verbose_name = _("Signatures")

    def ready(self) -> None:
        from pagecache import versions
        from signatures import permissions
        from signatures.keeping import weighing  # noqa: F401
        from signatures.views import bounces, prepared

        versions.FORGET[versions.PAGES].append(prepared.held.forget)
        permissions.register()
        bounces.watch()
