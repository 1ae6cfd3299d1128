"""The secrets by which people are known, and no longer once they are destroyed."""

import hashlib
import hmac
import secrets
import time

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models import Petition
from security.encryption import EncryptedTextField


class DestroyedKeyError(Exception):
    """Nobody can be told any more from those who signed before: so nobody signs."""


class HashKeyQuerySet(models.QuerySet["HashKey"]):
    def of_campaigns(self) -> "HashKeyQuerySet":
        """Those that still make hashes."""
        return self.exclude(campaign=None).exclude(secret="")


class HashKey(models.Model):
    """A secret that makes keyed hashes: a campaign's own, or (with no campaign) the site's.

    Hashes of the same mailbox in two campaigns have nothing in common, and once a campaign's
    key is destroyed, its hashes say nothing any more. Its row stays, so that no other is made.
    """

    campaign = models.OneToOneField(Petition, on_delete=models.PROTECT, null=True)
    # Empty once it is destroyed.
    secret = EncryptedTextField(blank=True)
    # Since when the worker sees that nobody needs it.
    idle_since = models.DateTimeField(null=True)

    objects = HashKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(campaign=None), name="one_hash_key_of_the_site"
            )
        ]

    def __str__(self) -> str:
        return f"hash key of {self.campaign_id or 'the site'}"

    @classmethod
    def of(cls, campaign: Petition | None) -> "HashKey":
        return cls.objects.get_or_create(
            campaign=campaign, defaults={"secret": secrets.token_hex(32)}
        )[0]

    def hash(self, text: str) -> str:
        """HMAC-SHA-256 in hexadecimal digits.

        Raises: DestroyedKeyError.
        """
        if not self.secret:
            raise DestroyedKeyError(str(self))
        return hmac.new(bytes.fromhex(self.secret), text.encode(), hashlib.sha256).hexdigest()


class HeldSiteKey:
    """Asked for no more often than what other processes change is noticed."""

    def __init__(self) -> None:
        self.key: HashKey | None = None
        self.until = 0.0

    def __call__(self) -> HashKey:
        now, key = time.monotonic(), self.key
        if key is None or now >= self.until:
            self.key = key = HashKey.of(None)
            self.until = now + settings.VERSION_SECONDS
        return key


site_key = HeldSiteKey()
