from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationDeskConfig(AppConfig):
    name = "translation_desk"
    verbose_name = _("Translators’ workplace")

    def ready(self) -> None:
        from translation_desk import checks, permissions  # noqa: F401

        permissions.register()
