"""Files that data officers ask for."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Petition
from security.encryption import EncryptedTextField

KEPT_FOR = timedelta(hours=24)


class ExportQuerySet(models.QuerySet["Export"]):
    def of(self, user: models.Model) -> "ExportQuerySet":
        return self.filter(asked_by=user.pk)

    def to_hand_over(self) -> "ExportQuerySet":
        return self.filter(state=Export.State.READY, ready_at__gt=timezone.now() - KEPT_FOR)


class Export(models.Model):
    """A file for one purpose and one person: made in steps, handed over once, gone after a day.

    What it holds lies encrypted in the private storage; the row has the key to it, and nothing of
    any signer.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        REFUSED = "refused", _("not granted")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        HANDED = "handed", _("handed over")
        GONE = "gone", _("deleted unread")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # One of `exports.purposes`.
    purpose = models.CharField(max_length=20)
    # The petition, with its cities where it is campaign-wide.
    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField()
    # The language of its columns.
    language = models.CharField(max_length=12)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # How far it is: rows of how many, in so many files, up to this signature.
    rows_total = models.PositiveIntegerField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    last_key = models.UUIDField(null=True)
    # Of the files; empty once they are gone, so that a copy of them says nothing any more.
    key = EncryptedTextField(blank=True)
    ready_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of signers")
        verbose_name_plural = _("exports of signers")
        default_permissions = ("add",)
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(ready_at__isnull=False),
                name="ready_export_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
