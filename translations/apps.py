from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import trans_real


class TranslationsConfig(AppConfig):
    name = "translations"
    verbose_name = _("Translations")

    def ready(self) -> None:
        from translations import lost_targets, permissions
        from translations.dates import inputs
        from translations.languages.own_words import Words

        # Django asks for its class by this name and offers no setting for it.
        trans_real.DjangoTranslation = Words  # type: ignore[misc]
        inputs.register()
        lost_targets.tolerate()
        permissions.register()
