"""What visitors report of names and comments that are public."""

import uuid

from django.db import models, transaction
from django.utils import timezone


class ReportManager(models.Manager["Report"]):
    def open(self) -> "models.QuerySet[Report]":
        """Those that no moderator has decided on."""
        return self.filter(settled_at=None)

    def record(self, signature: uuid.UUID, part: str, checksum: str, reason: str) -> None:
        """However many report the same text, and whatever was decided on it, it is one row."""
        with transaction.atomic():
            found, _is_new = self.get_or_create(
                signature_id=signature, part=part, checksum=checksum
            )
            row = self.select_for_update().get(pk=found.pk)
            row.number += 1
            row.reasons[reason] = row.reasons.get(reason, 0) + 1
            row.last_at = timezone.now()
            row.save(update_fields=["number", "reasons", "last_at"])


class Report(models.Model):
    """A name or a comment that somebody finds should not be public, as it was read.

    Of whoever reports nothing is kept.
    """

    signature = models.ForeignKey(
        "signatures.Signature", on_delete=models.CASCADE, related_name="reports"
    )
    part = models.CharField(max_length=8)
    checksum = models.CharField(max_length=64)
    number = models.PositiveIntegerField(default=0)
    # How many gave which reason.
    reasons = models.JSONField(default=dict)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    # When a moderator decided, after which the same text is not put before them again.
    settled_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = ReportManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["signature", "part", "checksum"], name="one_report_per_text"
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.signature_id}: {self.number}"
