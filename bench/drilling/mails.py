"""Workers that are killed or stopped between 2,000 mails, and a mail server that is away."""

import signal
import statistics
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from unittest import mock

from bench.drilling import inside
from bench.drilling.site import Mails, Site, ask, size, wait_until

MAILS = size(2000)
TIMES = size(50)
LONG_ENOUGH = 30.0
Row = tuple[str, str, bool]


def killed(site: Site) -> Iterator[Row]:
    yield from _interrupted(site, signal.SIGKILL)


def stopped(site: Site) -> Iterator[Row]:
    yield from _interrupted(site, signal.SIGTERM)


def has_got(box: Mails, number: int) -> bool:
    return box.number >= number


def _interrupted(site: Site, how: signal.Signals) -> Iterator[Row]:
    from jobs.models import Job
    from signatures.models import Submission

    box = site.mails
    box.by_recipient.clear()
    box.number = 0
    inside.sign(MAILS, how.name.lower())
    slowest, times = 0.0, 0
    for number in range(TIMES):
        target = (number + 1) * MAILS // (TIMES + 10)
        process = site.start("manage.py", "worker")
        wait_until(partial(has_got, box, target), 300)
        started = time.monotonic()
        process.send_signal(how)
        process.wait()
        slowest, times = max(slowest, time.monotonic() - started), times + 1
        # Their leases of two minutes are let run out at once.
        Job.objects.exclude(leased_until=None).update(leased_until="2020-01-01T00:00Z")
    last = site.start("manage.py", "worker")
    wait_until(lambda: not Job.objects.filter(kind__endswith="emails.send").exists(), 300)
    last.terminate()
    last.wait()
    lost = MAILS - len(box.by_recipient)
    marked = Submission.objects.filter(mailed_at=None).count()
    told = f"{how.name} x{times} in {MAILS} mails: {lost} lost, {box.extra_copies} extra copies"
    told += f", {box.different_copies} of them different, {marked} not marked as mailed"
    most = times if how == signal.SIGKILL else 0
    holds = not lost and not marked and not box.different_copies and box.extra_copies <= most
    if how == signal.SIGTERM:
        told += f", slowest exit {slowest:.1f} s"
        holds = holds and slowest <= LONG_ENOUGH
    yield f"worker {how.name}", told, holds
    Submission.objects.all().delete()


def outage(site: Site, number: int = size(10_000)) -> Iterator[Row]:
    """The mail server is away for an hour of a clock that is told what it is."""
    from django.utils import timezone

    from jobs import state
    from jobs.models import Job
    from jobs.worker import drain

    box: Mails = site.mails
    path, sign, form = inside.form()
    site.serve()
    ask(site.port, path)
    before = _p95(site, sign, form, "before")
    box.stop()
    box.by_recipient.clear()
    box.number = 0
    inside.sign(number, "outage")
    real, ahead = timezone.now, timedelta()

    def clock() -> datetime:
        return real() + ahead

    with mock.patch("django.utils.timezone.now", clock):
        drain()
        during = _p95(site, sign, form, "during")
        ahead = timedelta(minutes=30)
        drain()
        ahead = timedelta(minutes=60)
        backlog = state.queue_told()
        box.start()
        started = time.monotonic()
        drain()
        took = time.monotonic() - started
        left = Job.objects.filter(kind__endswith="emails.send").count()
    errors = sum(answer != 303 for answer in before[1] + during[1])
    ratio = during[0] / before[0]
    sent = sum(each.startswith("outage") for each in box.by_recipient)
    told = f"{number} queued for an hour: {sent} delivered, {box.extra_copies} twice, {left} left, "
    told += f"in {took:.0f} s; {errors} web errors, sign p95 {before[0] * 1000:.0f} then "
    told += f"{during[0] * 1000:.0f} ms; /readyz said “{backlog}”"
    holds = sent == number and not errors and not left and "late" in backlog
    yield "mail server down", told, holds and ratio <= 1.1


def _p95(site: Site, path: str, form: dict[str, str], prefix: str) -> tuple[float, list[int]]:
    answers = [
        ask(site.port, path, {**form, "email": f"{prefix}-{number}@example.org"})
        for number in range(size(200))
    ]
    return statistics.quantiles([each.seconds for each in answers], n=20)[-1], [
        each.status for each in answers
    ]
