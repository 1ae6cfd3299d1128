"""The one table of work to be done outside requests."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEASE = timedelta(minutes=2)
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
# With these delays more than three days: as long as a mail server may be away.
MOST_ATTEMPTS = 80
# A job and a chore may each take a while.
SILENCE = timedelta(minutes=5)


class JobQuerySet(models.QuerySet["Job"]):
    def waiting(self) -> "JobQuerySet":
        return self.filter(failed_at=None)

    def due(self, now: datetime) -> "JobQuerySet":
        """Those whose time has come and that no living worker holds."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.waiting().filter(free, run_at__lte=now).order_by("run_at", "id")

    def lease_next(self, now: datetime | None = None) -> "Job | None":
        """Takes the next job for `LEASE`; of several workers only one gets it.

        The conditional update decides, on SQLite as on PostgreSQL; whoever loses it tries the
        next job.
        """
        now = now or timezone.now()
        lease = uuid.uuid4()
        for pk in self.due(now).values_list("pk", flat=True)[:20]:
            taken = self.due(now).order_by().filter(pk=pk)
            # Counted when it begins, so that a job which kills its worker comes to an end, too.
            attempts = models.F("attempts") + 1
            if taken.update(lease=lease, leased_until=now + LEASE, attempts=attempts):
                return self.get(pk=pk)
        return None

    def failed(self) -> "JobQuerySet":
        return self.exclude(failed_at=None)

    def try_again(self) -> int:
        """Gives failed jobs all their tries anew."""
        return self.failed().update(failed_at=None, attempts=0, run_at=timezone.now(), error="")


class Job(models.Model):
    """Something to be done once. A job that was done is deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    run_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    failed_at = models.DateTimeField(null=True)
    # The kind of error alone: its message might hold somebody's address.
    error = models.CharField(max_length=120, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            # The worker's question: what is due?
            models.Index(fields=["run_at"], condition=Q(failed_at=None), name="job_due")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def _held(self) -> JobQuerySet:
        """This job, as long as this worker's lease on it is the last one given."""
        return Job.objects.filter(pk=self.pk, lease=self.lease)

    def done(self) -> None:
        self._held().delete()

    def retry(self, error: Exception) -> bool:
        """Puts the job off: half a minute, then twice as long each time, an hour at most.

        False where it has been tried often enough, and is given up.
        """
        if self.attempts >= MOST_ATTEMPTS:
            self.fail(error)
            return False
        delay = min(FIRST_DELAY * 2 ** min(self.attempts - 1, 10), LONGEST_DELAY)
        self._held().update(
            run_at=timezone.now() + delay,
            lease=None,
            leased_until=None,
            error=type(error).__name__,
        )
        return True

    def put_off(self, delay: timedelta) -> None:
        self._held().update(
            run_at=timezone.now() + delay,
            lease=None,
            leased_until=None,
            attempts=models.F("attempts") - 1,
        )

    def fail(self, error: Exception) -> None:
        """Gives the job up for good and keeps it for the operator to see."""
        self._held().update(
            failed_at=timezone.now(), lease=None, leased_until=None, error=type(error).__name__
        )


class Heartbeat(models.Model):
    """When any worker was last seen at work: one row."""

    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S}"

    @classmethod
    def beat(cls) -> None:
        cls.objects.update_or_create(pk=1, defaults={"at": timezone.now()})


def enqueue(kind: str, payload: dict[str, Any], run_at: datetime | None = None) -> Job:
    """Stores a job in the caller's transaction: it exists if and only if that commits."""
    return Job.objects.create(kind=kind, payload=payload, run_at=run_at or timezone.now())
