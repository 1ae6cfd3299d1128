from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecurityConfig(AppConfig):
    name = "security"
    verbose_name = _("Security")

    def ready(self) -> None:
        from security import field_keys, pooler, real_site

        pooler.notice()
        real_site.watch()
        field_keys.note_keys()
