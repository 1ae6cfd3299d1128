"""Changes that somebody prepared and may not make, for those who may."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.records.petitions import Petition
from security import printable


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def waiting(self) -> "ChangeRequestQuerySet":
        return self.filter(state=ChangeRequest.State.WAITING)


class ChangeRequest(models.Model):
    """A form as it was filled in, and what became of it.

    It does nothing by itself: whoever may make the change opens the form and presses its button.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    note = printable.CharField(max_length=500, blank=True)
    # Where in the admin the form is, and its fields with what was sent of each.
    address = models.CharField(max_length=300)
    data = models.JSONField(default=dict)
    # The form's fields that differ from what is stored, of which the change is told in a sentence.
    changed = models.JSONField(default=list)
    # What the form's own button takes, split by blanks; the petitions whose pages show the change.
    permission = models.CharField(max_length=100)
    petitions = models.ManyToManyField(Petition, related_name="+")
    # The records that it changes, as {"campaigns.tie": [1]}, and their state when it was prepared.
    records = models.JSONField(default=dict)
    before = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = printable.CharField(max_length=500, blank=True)

    objects: Any = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("change asked for")
        verbose_name_plural = _("changes asked for")
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_at=None)
                | ~models.Q(state="waiting") & models.Q(decided_at__isnull=False),
                name="change_request_is_decided_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.get_state_display()})"
