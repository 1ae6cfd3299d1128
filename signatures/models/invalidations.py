"""What staff have taken out of the count, and what expired by itself: kept as numbers."""

import uuid
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Petition


class Invalidation(models.Model):
    """One act by which signatures were made invalid; undone, they are again what they were.

    `signatures.lifecycle` makes and undoes them. It names no signer: the signatures point at it.
    """

    class Reason(models.TextChoices):
        AUTOMATED = "automated", _("sent by a program")
        DUPLICATE = "duplicate", _("the same person twice")
        IMPERSONATED = "impersonated", _("somebody else’s name or address")
        DISPOSABLE = "disposable", _("a throwaway address")
        OTHER = "other", _("another reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = models.TextField(_("note"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    # Of all petitions where there is none.
    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, null=True, related_name="+")
    # By what the signatures were found, as the desk's filter says it.
    chosen = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Fewer, where some were erased or expired in between.
    undone_number = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("invalidation")
        verbose_name_plural = _("invalidations")
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_number__lte=F("number")), name="undoes_no_more_than_it_did"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.number}"


class ExpiredNumberManager(models.Manager["ExpiredNumber"]):
    def add(self, rows: models.QuerySet[Any]) -> None:
        """Before the rows, signatures, are deleted, in the same transaction."""
        reason = Coalesce("invalidation__reason", Value(""))
        day = TruncDate("asked_at", tzinfo=UTC)
        places = rows.order_by().values("petition_id", "language", day=day, reason=reason)
        for each in places.annotate(expired=Count("*")):
            number = each.pop("expired")
            row, _is_new = self.get_or_create(**each)
            self.filter(pk=row.pk).update(number=F("number") + number)


class ExpiredNumber(models.Model):
    """How many signatures that were asked for on a day nobody confirmed in time.

    With a reason, those that were invalid by then.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    language = models.CharField(max_length=12)
    reason = models.CharField(max_length=12, blank=True)
    number = models.PositiveIntegerField(default=0)

    objects = ExpiredNumberManager()

    class Meta:
        # Nobody edits it.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "day", "language", "reason"], name="one_number_of_expired"
            )
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.day} {self.number}"
