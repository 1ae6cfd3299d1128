"""What the site signs its packs with, so that anybody can check them without asking the site."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from security.encryption import EncryptedTextField


class SigningKey(models.Model):
    """A pair of keys (Ed25519, RFC 8032). The newest signs; the others prove what is older."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    # As PEM.
    public = models.TextField()
    # The seed in hexadecimal digits.
    secret = EncryptedTextField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"signing key {self.number}"

    @classmethod
    def newest(cls) -> "SigningKey":
        """The same in every process: whoever comes first makes the first one."""
        return cls.objects.first() or cls.objects.get_or_create(number=1, defaults=new_pair())[0]

    @classmethod
    def add(cls) -> "SigningKey":
        """Signs from now on; those before it stay, for what they have signed."""
        return cls.objects.create(number=cls.newest().number + 1, **new_pair())

    @property
    def public_url(self) -> str:
        return settings.BASE_URL + reverse("deliveries_key", args=[self.number])

    def sign(self, content: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.secret)).sign(content)


def new_pair() -> dict[str, str]:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    seed = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return {"public": public.decode(), "secret": seed.hex()}
