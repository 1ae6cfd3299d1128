"""How the site goes, in figures: for a person, and for whatever watches it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils import timezone

from jobs.models import SILENCE, Heartbeat, Job
from operations.models import Done
from security.models import PolicyReport, Refused
from signatures.models import Submission, Tally

# docs/operators.md says what to do about each.
BACKUP_AGE = timedelta(hours=26)
ERASURES_AGE = timedelta(minutes=15)
PROOF_AGE = timedelta(hours=26)
REFUSED_AN_HOUR = 1000
CONFIRM_RATE = 0.3
# Fewer mails say nothing about how many are confirmed.
ENOUGH_MAILS = 50


@dataclass(frozen=True)
class Figure:
    """`value` is None where there is nothing to measure."""

    name: str
    value: float | None
    unit: str
    is_alarm: bool

    def __str__(self) -> str:
        value = "none" if self.value is None else f"{self.value:g} {self.unit}".strip()
        return f"{self.name}: {value}{', ALARM' if self.is_alarm else ''}"


def figures() -> Iterator[Figure]:
    now = timezone.now()
    yield _age("worker_seen", Heartbeat.objects.values_list("at", flat=True).first(), SILENCE)
    due = Job.objects.waiting().filter(run_at__lte=now).order_by("run_at")
    oldest = due.values_list("run_at", flat=True).first()
    waits = (now - oldest).total_seconds() if oldest else 0.0
    yield Figure("queue_waits", round(waits), "s", waits > SILENCE.total_seconds())
    given_up = Job.objects.failed().count()
    yield Figure("jobs_given_up", given_up, "", bool(given_up))
    hour = now - timedelta(hours=1)
    refused = Refused.objects.filter(hour__gt=hour).aggregate(sum=Sum("number"))["sum"] or 0
    yield Figure("limits_hit_this_hour", refused, "", refused > REFUSED_AN_HOUR)
    yield _confirm_rate(hour)
    stopped = PolicyReport.objects.filter(last_at__gt=now - timedelta(days=1)).count()
    yield Figure("policy_reports_last_day", stopped, "kinds", bool(stopped))
    done = dict(Done.objects.values_list("what", "at"))
    yield _age("backup", done.get(Done.BACKUP), BACKUP_AGE)
    yield _age("erasures_listed", done.get(Done.ERASURES), ERASURES_AGE)
    yield _age("totals_proven", done.get(Done.RECOUNT), PROOF_AGE)
    mended = Tally.objects.filter(mended_at__gt=now - timedelta(days=1)).count()
    yield Figure("totals_put_right_last_day", mended, "petitions", bool(mended))


def _age(name: str, since: datetime | None, longest: timedelta) -> Figure:
    """What never was is an alarm too."""
    seconds = (timezone.now() - since).total_seconds() if since else None
    too_old = seconds is None or seconds > longest.total_seconds()
    return Figure(f"{name}_ago", None if seconds is None else round(seconds), "s", too_old)


def _confirm_rate(since: datetime) -> Figure:
    """Of those mailed within the hour, how many have confirmed."""
    mailed = Submission.objects.filter(created_at__gt=since, mailed_at__isnull=False)
    number = mailed.count()
    confirmed = mailed.exclude(confirmed_at=None).count()
    rate = round(confirmed / number, 2) if number else None
    is_low = rate is not None and number >= ENOUGH_MAILS and rate < CONFIRM_RATE
    return Figure("confirm_rate_last_hour", rate, "", is_low)
