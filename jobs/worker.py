"""Does the jobs, one after another. Any number of workers may run side by side."""

import logging
import signal
import time
from threading import Event
from types import FrameType

from django.db import DatabaseError, close_old_connections

from jobs.models import Job
from jobs.registry import Chore, NotYetError, PermanentError, chores, handler_of

logger = logging.getLogger(__name__)

# How long an idle worker waits before it looks again.
PAUSE_SECONDS = 1.0


def run_job(job: Job) -> None:
    """Does one leased job. An error puts it off or, when permanent, sets it aside."""
    try:
        handler_of(job.kind)(job)
    except NotYetError as later:
        job.put_off(later.delay)
    except PermanentError as error:
        logger.error("Job %s failed for good (%s).", job.id, type(error).__name__)
        job.fail(error)
    except Exception as error:
        logger.warning("Job %s will be tried again (%s).", job.id, type(error).__name__)
        job.retry(error)
    else:
        job.done()


def drain(stop: Event | None = None) -> int:
    """Does what is due, and returns how many jobs that were."""
    done = 0
    while not (stop and stop.is_set()) and (job := Job.objects.lease_next()):
        run_job(job)
        done += 1
    return done


def do_chore(chore: Chore) -> None:
    """Does one chore. An error in it stops neither the worker nor the other chores."""
    try:
        chore.run()
    except DatabaseError:
        raise
    except Exception as error:
        logger.error("The chore %s failed (%s).", chore.run.__name__, type(error).__name__)


class Worker:
    """Goes on until it is told to stop, and finishes the job in hand first."""

    def __init__(self) -> None:
        self.stop = Event()
        self.next_runs = dict.fromkeys(chores(), 0.0)

    def handle_signals(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop.set()

    def do_chores(self) -> None:
        now = time.monotonic()
        for chore, due in self.next_runs.items():
            if now >= due:
                self.next_runs[chore] = now + chore.every.total_seconds()
                do_chore(chore)

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.do_chores()
                drain(self.stop)
            except DatabaseError as error:
                logger.warning("The database does not answer (%s).", type(error).__name__)
            close_old_connections()
            self.stop.wait(PAUSE_SECONDS)
