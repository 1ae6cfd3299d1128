"""What staff do to many signatures at once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signatures.models import Invalidation


class SweepQuerySet(models.QuerySet["Sweep"]):
    def going_on(self) -> "SweepQuerySet":
        return self.filter(state__in=(Sweep.State.WAITING, Sweep.State.RUNNING))


class Sweep(models.Model):
    """One act on all signatures that a filter finds, done by the worker in steps.

    What invalidated them stands with the signatures; here stands how far the worker is.
    """

    class Act(models.TextChoices):
        HOLD = "hold", _("hold for review")
        RELEASE = "release", _("release")
        INVALIDATE = "invalidate", _("invalidate")
        UNDO = "undo", _("undo an invalidation")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        REFUSED = "refused", _("not granted")
        RUNNING = "running", _("being done")
        DONE = "done", _("done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=10, choices=Act.choices)
    # As `desk.filters.Chosen` keeps it; of an undo, that of its invalidation.
    chosen = models.JSONField(default=dict)
    # Of an invalidation, one of its reasons.
    reason = models.CharField(max_length=12, blank=True)
    note = models.TextField()
    invalidation = models.ForeignKey(
        Invalidation, on_delete=models.CASCADE, null=True, related_name="sweeps"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # How many were seen when it was asked for; how many of them were looked at since, up to which
    # signature; and how many it changed.
    seen = models.PositiveIntegerField()
    looked_at = models.PositiveIntegerField(default=0)
    last_key = models.UUIDField(null=True)
    changed = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = SweepQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of signatures in bulk")
        verbose_name_plural = _("reviews of signatures in bulk")
        default_permissions = ("add",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False),
                name="done_sweep_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(act="undo") | Q(invalidation__isnull=False),
                name="undo_names_its_invalidation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.id}"
