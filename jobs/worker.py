"""Does the jobs, a few at a time. Any number of workers may run side by side."""

import logging
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import FrameType

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, close_old_connections, connections
from django_tasks.base import TaskContext

from jobs.backend import result_of, task_of
from jobs.leases import renewed
from jobs.models import MOST_ATTEMPTS, Job, class_of
from jobs.registry import AwayError, Chore, NotYetError, PermanentError, chores
from jobs.resting import resting

logger = logging.getLogger(__name__)

# How long an idle worker waits before it looks again.
PAUSE_SECONDS = 1.0


def run_job(job: Job) -> None:
    """Does one leased job. An error puts it off or, when trying again cannot help, sets it aside.

    Raises: django.db.Error, where the database is away. The job's lease then runs out by itself.
    """
    try:
        with renewed(job):
            call_task(job)
    except AwayError as away:
        resting.rest(job.kind, away.delay)
        job.keep_turn()
    except NotYetError as later:
        job.put_off(later.delay)
    except ObjectDoesNotExist as error:
        # Deleted meanwhile, as a page may be before its references are counted.
        logger.warning("Job %s ends: what it was about is gone (%s).", job.id, class_of(error))
        job.done()
    except PermanentError as error:
        logger.error("Job %s failed for good (%s).", job.id, type(error).__name__)
        job.fail(error)
    except Exception as error:  # noqa: BLE001 - whatever a job raises, others wait behind it
        if job.retry(error):
            logger.warning("Job %s will be tried again (%s).", job.id, type(error).__name__)
        else:
            logger.error("Job %s is given up (%s).", job.id, type(error).__name__)
    else:
        job.done()


def call_task(job: Job) -> None:
    """Calls the job's task with its arguments.

    Raises: whatever the task raises; PermanentError, where there is no such task.
    """
    if job.attempts > MOST_ATTEMPTS:
        raise PermanentError("every worker that took it died")
    try:
        task = task_of(job.kind)
    except ImportError as error:
        raise PermanentError("there is no such task") from error
    result = result_of(job, task)
    context = [TaskContext(task_result=result)] if task.takes_context else []
    task.call(*context, *result.args, **result.kwargs)


def do_next() -> bool:
    """Does one job that is due. False where none is."""
    job = Job.objects.lease_next(resting=resting.kinds())
    if job:
        run_job(job)
    return job is not None


def drain() -> int:
    """Does what is due, and returns how many jobs that were."""
    done = 0
    while do_next():
        done += 1
    return done


def do_chore(chore: Chore) -> None:
    """Does one chore. An error in it stops neither the worker nor the other chores."""
    try:
        chore.run()
    except Error:
        raise
    except Exception as error:  # noqa: BLE001 - as the docstring says
        logger.error("The chore %s failed (%s).", chore.run.__name__, type(error).__name__)


class Worker:
    """Goes on until it is told to stop, and finishes the jobs in hand first.

    Jobs are done in threads of their own, each with its own connection to the database; what time
    asks for, in the thread that the worker was started in, whatever the jobs are at.
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self.stop = Event()
        self.next_runs = dict.fromkeys(chores(), 0.0)

    def handle_signals(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop.set()

    def do_chores(self) -> bool:
        """Those whose time has come. False, so that a pause follows."""
        now = time.monotonic()
        for chore, due in self.next_runs.items():
            if now >= due:
                self.next_runs[chore] = now + chore.every.total_seconds()
                do_chore(chore)
        return False

    def run(self) -> None:
        with ThreadPoolExecutor(self.threads, "jobs") as pool:
            doing = [pool.submit(self._go_on, do_next) for _number in range(self.threads)]
            self._go_on(self.do_chores)
        for each in doing:
            # What ended a thread ends the worker, for whatever watches over it to see.
            each.result()

    def _go_on(self, work: Callable[[], bool]) -> None:
        """Does work again and again, after a pause where there was none."""
        try:
            while not self.stop.is_set():
                if not self._is_busy(work):
                    close_old_connections()
                    self.stop.wait(PAUSE_SECONDS)
        finally:
            self.stop.set()
            connections.close_all()

    def _is_busy(self, work: Callable[[], bool]) -> bool:
        try:
            return work()
        # Not only DatabaseError: a connection that died is an InterfaceError.
        except Error as error:
            logger.warning("The database does not answer (%s).", type(error).__name__)
            connections.close_all()
            return False
