from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CardsConfig(AppConfig):
    name = "cards"
    verbose_name = _("Share cards")

    def ready(self) -> None:
        from cards import kept

        kept.connect()
