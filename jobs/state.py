"""How the work outside of requests goes, in a line each, for whoever watches the site."""

from datetime import datetime

from django.utils import timezone

from jobs.models import SILENCE, Heartbeat, Job


def worker_told() -> str:
    seen = Heartbeat.objects.values_list("at", flat=True).first()
    return f"worker: seen {past(seen)} ago" if seen else "worker: never seen, late"


def queue_told() -> str:
    """Since when the oldest job that is due waits, also while a worker has it."""
    due = Job.objects.waiting().filter(run_at__lte=timezone.now()).order_by("run_at")
    oldest = due.values_list("run_at", flat=True).first()
    return f"queue: waiting {past(oldest)}" if oldest else "queue: empty"


def past(since: datetime) -> str:
    """In seconds, and whether that is too long: monitors look for the word `late`."""
    seconds = max(0, round((timezone.now() - since).total_seconds()))
    return f"{seconds} s, late," if seconds > SILENCE.total_seconds() else f"{seconds} s"
