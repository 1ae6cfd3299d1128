"""What is kept for a legal claim."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HoldQuerySet(models.QuerySet["Hold"]):
    def active(self) -> "HoldQuerySet":
        return self.filter(until__gt=timezone.now())


class Hold(models.Model):
    """Keeps one signature as it is, for a legal claim and until a day. Other rows go on schedule.

    `signatures.signing.legal_holds` places and lifts it; why stands in the log of acts.
    """

    # As long as the hold is there, the database deletes no such row.
    signature = models.OneToOneField(
        "signatures.Signature", on_delete=models.PROTECT, related_name="hold"
    )
    reason = models.TextField()
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(db_index=True)
    # When the signer asked to be erased, which is done once the hold is over.
    erase_asked_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")

    def __str__(self) -> str:
        return f"hold of {self.signature_id}"
