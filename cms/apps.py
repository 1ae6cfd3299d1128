from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import trans_real


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Site")

    def ready(self) -> None:
        from cms import signals
        from cms.own_words import Words

        # Django asks for its class by this name and offers no setting for it.
        trans_real.DjangoTranslation = Words  # type: ignore[misc]
        signals.connect()
        from campaigns.spreadsheets import protect_exports

        protect_exports()
