"""The one table of work to be done outside requests."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEASE = timedelta(minutes=2)
# A worker that lives renews it well before it ends.
RENEW_EVERY = LEASE / 4
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
# With these delays more than three days: as long as a mail server may be away.
MOST_ATTEMPTS = 80
# A job and a chore may each take a while.
SILENCE = timedelta(minutes=5)


# Whoever was tried more often goes alone: what kills its worker gives up no other's tries.
TRIES_TOGETHER = 3


# A try is counted when it begins, so that a job which kills its worker comes to an end, too.
# What is due is found first and once: a question within the update may be asked again for each row.
TAKE = """
    WITH due AS (
        SELECT id FROM jobs_job
        WHERE failed_at IS NULL AND run_at <= %s
            AND (leased_until IS NULL OR leased_until <= %s) {which}
        ORDER BY priority DESC, run_at, id LIMIT {most} {lock}
    )
    UPDATE jobs_job SET lease = %s, leased_until = %s, attempts = attempts + 1
    WHERE id IN (SELECT id FROM due)
    RETURNING *
"""


class JobQuerySet(models.QuerySet["Job"]):
    def waiting(self) -> "JobQuerySet":
        return self.filter(failed_at=None)

    def free(self, now: datetime) -> "JobQuerySet":
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=now))

    def lease_next(self, now: datetime | None = None, resting: Sequence[str] = ()) -> "Job | None":
        """Takes the next job for `LEASE`, of none of the kinds that rest.

        Of several workers only one gets it, and none waits for another.
        """
        which = f"AND kind NOT IN ({', '.join(['%s'] * len(resting))})" if resting else ""
        taken = self._take(uuid.uuid4(), now or timezone.now(), 1, which, *resting)
        return taken[0] if taken else None

    def lease_alike(self, first: "Job", most: int) -> list["Job"]:
        """Takes more of a leased job's kind under the same lease, unless it has to go alone."""
        assert first.lease is not None, "that is what a leased job has"  # noqa: S101
        if most < 1 or first.attempts > TRIES_TOGETHER:
            return []
        which = "AND kind = %s AND attempts < %s"
        return self._take(first.lease, timezone.now(), most, which, first.kind, TRIES_TOGETHER)

    def _take(
        self, lease: uuid.UUID, now: datetime, most: int, which: str, *values: object
    ) -> list["Job"]:
        can_skip = connection.features.has_select_for_update_skip_locked
        # SQLite lets nobody else write meanwhile.
        lock = "FOR UPDATE SKIP LOCKED" if can_skip else ""
        key = models.UUIDField().get_db_prep_value(lease, connection)
        statement = TAKE.format(which=which, most=most, lock=lock)
        taken = list(self.raw(statement, (now, now, *values, key, now + LEASE)))
        return sorted(taken, key=lambda job: (-job.priority, job.run_at, job.id))

    def held(self, jobs: Iterable["Job"]) -> "JobQuerySet":
        """Jobs under one lease, as long as that is the last one given on each."""
        jobs = list(jobs)
        return self.filter(pk__in=[each.pk for each in jobs], lease=jobs[0].lease)

    def renew(self) -> None:
        self.update(leased_until=timezone.now() + LEASE)

    def done(self) -> None:
        # Nothing hangs on a job, which `delete()` would ask the database about first.
        self._raw_delete(self.db)

    def give_back(self, **changes: Any) -> None:
        """As they were, as if nobody had taken them."""
        attempts = models.F("attempts") - 1
        self.update(lease=None, leased_until=None, attempts=attempts, **changes)

    def failed(self) -> "JobQuerySet":
        return self.exclude(failed_at=None)

    def troubled(self) -> "JobQuerySet":
        """Those that were given up, and those that go on being tried."""
        return self.exclude(error="")

    def try_again(self) -> int:
        """Now, with all their tries anew."""
        return self.update(failed_at=None, attempts=0, run_at=timezone.now(), error="")


class Job(models.Model):
    """Something to be done once: a task and its arguments. A job that was done is deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Where the task's function stands.
    kind = models.CharField(max_length=200)
    # Ids, and nothing that tells of anybody. No page and no log shows it.
    payload = models.JSONField(default=dict)
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    failed_at = models.DateTimeField(null=True)
    # The class of the error alone: its message might hold somebody's address.
    error = models.CharField(max_length=200, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            # The worker's question: what is due?
            models.Index(
                fields=["-priority", "run_at"], condition=Q(failed_at=None), name="job_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def _held(self) -> JobQuerySet:
        """This job, as long as this worker's lease on it is the last one given."""
        return Job.objects.held([self])

    @property
    def error_name(self) -> str:
        return self.error.rpartition(".")[2]

    def is_leased(self, now: datetime) -> bool:
        return self.leased_until is not None and self.leased_until > now

    def done(self) -> None:
        self._held().done()

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
            error=class_of(error),
        )
        return True

    def put_off(self, delay: timedelta) -> None:
        self._held().give_back(run_at=timezone.now() + delay)

    def keep_turn(self) -> None:
        self._held().give_back()

    def fail(self, error: Exception) -> None:
        """Gives the job up for good and keeps it for the operator to see."""
        self._held().update(
            failed_at=timezone.now(), lease=None, leased_until=None, error=class_of(error)
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


def class_of(error: Exception) -> str:
    """By its full name, as `TaskError` wants it."""
    return f"{type(error).__module__}.{type(error).__qualname__}"[:200]
