"""Who may answer for a recipient, by a mailed link."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Delivery
from security.encryption import EncryptedTextField

ANSWERABLE_FOR = timedelta(days=365)


class AnswerLinkQuerySet(models.QuerySet["AnswerLink"]):
    def open(self, now: datetime | None = None) -> "AnswerLinkQuerySet":
        """Those that still take an answer."""
        since = (now or timezone.now()) - ANSWERABLE_FOR
        return self.filter(used_at=None, revoked_at=None, given_at__gt=since)


class AnswerLink(models.Model):
    """Good for one answer within a year. The link itself is derived, and stored nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="answer_link")
    # The recipient's, to which it is mailed, and again when it was lost.
    mailbox = EncryptedTextField()
    # In which language it is mailed.
    language = models.CharField(max_length=12)
    # Raising it makes the links mailed before worthless.
    generation = models.PositiveIntegerField(default=0)
    given_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: Any = AnswerLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to answer by")
        verbose_name_plural = _("links to answer by")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        is_over = self.given_at + ANSWERABLE_FOR <= timezone.now()
        return not (is_over or self.used_at or self.revoked_at)
