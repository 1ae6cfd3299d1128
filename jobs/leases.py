"""What takes longer than its lease stays with the worker that does it."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from django.db import Error, connections

from jobs.models import RENEW_EVERY, Job

logger = logging.getLogger(__name__)

# An hour of work. Then a job that hangs is taken to be one, and another worker may try it.
MOST_RENEWALS = 120


@contextmanager
def renewed(jobs: Sequence[Job]) -> Iterator[None]:
    """Renews the jobs' one lease as long as the block runs, over a connection of its own.

    From beside the job, since most that take long, Wagtail's among them, know nothing of leases.
    """
    is_over = Event()
    beside = Thread(target=_renew, args=(jobs, is_over), daemon=True)
    beside.start()
    try:
        yield
    finally:
        is_over.set()
        beside.join()


def _renew(jobs: Sequence[Job], is_over: Event) -> None:
    for _number in range(MOST_RENEWALS):
        if is_over.wait(RENEW_EVERY.total_seconds()):
            return
        try:
            Job.objects.held(jobs).renew()
        # Such as a job that holds SQLite's one lock, behind which nobody can take the job either.
        except Error as error:
            logger.warning("A lease could not be renewed (%s).", type(error).__name__)
        finally:
            connections.close_all()
