"""Cities that an editor sent on their way, and how far they have come."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.records.petitions import Petition
from campaigns.records.ties import Tie


class LaunchQuerySet(models.QuerySet["Launch"]):
    def with_progress(self) -> "LaunchQuerySet":
        """Annotates how many `cities` there are, and `cities_done`."""
        done = models.Count("items", filter=models.Q(items__is_done=True))
        return self.annotate(cities=models.Count("items"), cities_done=done)


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
    # The ids of what the table told, at the start, of ties that were known already.
    events = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)

    # Of `with_progress` alone.
    cities: int
    cities_done: int

    objects = LaunchQuerySet.as_manager()

    class Meta:
        verbose_name = _("launch")
        verbose_name_plural = _("launches")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def percent(self) -> int:
        """Of a launch with its progress."""
        cities, done = self.cities, self.cities_done
        return done * 100 // cities if cities else 100

    def made(self, kind: str) -> list[str]:
        """The ids of what was made and can be taken back: petitions, ties, events or cities."""
        cities = self.items.values_list("made", flat=True)
        found = [pk for made in cities for pk in made.get(kind, [])]
        return [*self.events, *found] if kind == "events" else found


class LaunchItem(models.Model):
    """One city of a launch: a tie that is known, or a row of the table."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    tie = models.ForeignKey(Tie, on_delete=models.SET_NULL, null=True, related_name="+")
    # `LaunchRow.as_json`.
    row = models.JSONField(null=True)
    is_done = models.BooleanField(default=False)
    # The ids of what was made and can be taken back, by kind of record.
    made = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("city of a launch")
        verbose_name_plural = _("cities of launches")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["launch", "position"], name="one_city_at_a_position")
        ]

    def __str__(self) -> str:
        return f"{self.launch_id}: {self.position}"
