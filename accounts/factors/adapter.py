"""What django-allauth asks about this site: secrets are encrypted, names are the site's own."""

import json
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from wagtail.models import Site

from security import encryption
from security.printable import Json
from security.rotation import Anew

PURPOSE = "accounts.factors"
# What django-allauth encrypts by us, of one-time codes and of recovery codes.
SECRETS = ("secret", "seed")


class Adapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text, PURPOSE)

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # A passkey belongs to the site's address, by whichever host name somebody came.
        return {"id": urlsplit(settings.BASE_URL).hostname or "", "name": self._get_site_name()}

    def _get_site_name(self) -> str:
        site = Site.objects.filter(is_default_site=True).first()
        return str((site and site.site_name) or settings.WAGTAIL_SITE_NAME)

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.get_username()


# Secrets go through it too where django-allauth does not keep them.
adapter = Adapter()


def encrypted_anew(data: str, anew: Anew) -> Json:
    """An authenticator's data, with each secret in it gone through the function."""
    found = json.loads(data)
    return {name: anew(value) if name in SECRETS else value for name, value in found.items()}
