from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from allauth.mfa.models import Authenticator

        from accounts.factors.adapter import PURPOSE, encrypted_anew
        from security import rotation

        rotation.register(rotation.Place(Authenticator, "data", PURPOSE, encrypted_anew))
