"""Rounds of a petition: each is signed anew, and what the earlier ones came to stays told."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Round(models.Model):
    """A round that is closed, with its number as of that moment, which never changes.

    The one that goes on has no row: it is what `Petition.reopened_at` began or, before any round
    was closed, the petition itself.
    """

    petition = models.ForeignKey(
        "campaigns.Petition", on_delete=models.CASCADE, related_name="rounds", db_index=False
    )
    # From 1 on.
    number = models.PositiveSmallIntegerField()
    # Or on the day of its first signature, where that came earlier.
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField()
    signatures = models.PositiveIntegerField()
    # Of a campaign: who had signed for it or for any of its cities.
    people = models.PositiveIntegerField(null=True)
    # Its signers are asked to sign again in the order of their keys: up to which they were.
    asked_up_to = models.UUIDField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["petition", "number"]
        # Nobody edits one.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="one_round_of_its_number"),
            models.CheckConstraint(
                condition=Q(opened_at__lt=models.F("closed_at")),
                name="round_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.number}"

    @property
    def closed_on(self) -> date:
        """The day where the petition is."""
        day: date = self.petition.local_time(self.closed_at).date()
        return day

    @property
    def shown(self) -> int:
        """What the petition's own page counts: people for a campaign, signatures for a city."""
        return self.signatures if self.people is None else self.people
