"""Cities that an editor sent on their way, and how far they have come."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.records.petitions import Petition


class Launch(models.Model):
    """One launch of cities: done step by step by the worker, a city at a time."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        TAKEN_BACK = "taken_back", _("undone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="launches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    publish = models.BooleanField(default=False)
    # What is to be launched: `LaunchRow.as_json`, or {"tie": id}.
    items = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    # What was made and can be taken back, by kind of record.
    made = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)

    class Meta:
        verbose_name = _("launch")
        verbose_name_plural = _("launches")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 100
