"""Does the jobs, a few at a time. Any number of workers may run side by side."""

import logging
import signal
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from threading import Event
from types import FrameType
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, close_old_connections, connections
from django_tasks.base import Task, TaskContext

from jobs.backend import result_of, task_of
from jobs.leases import renewed
from jobs.models import MOST_ATTEMPTS, Job, class_of
from jobs.registry import (
    AwayError,
    Chore,
    Ended,
    NotYetError,
    PermanentError,
    chores,
    done_together,
)
from jobs.resting import resting

logger = logging.getLogger(__name__)

# How long an idle worker waits before it looks again.
PAUSE_SECONDS = 1.0


def never() -> bool:
    return False


def run_job(job: Job) -> None:
    run_jobs([job])


def run_jobs(jobs: Sequence[Job], is_stopped: Callable[[], bool] = never) -> int:
    """Does jobs of one kind under one lease, and returns how many.

    The others, where something that all need is away or the worker was stopped, keep their turn.

    Raises: django.db.Error, where the database is away. The lease then runs out by itself.
    """
    left, done = {str(job.pk): job for job in jobs}, []
    with renewed(jobs), closing(outcomes(jobs)) as ended:
        for key, error in ended:
            job = left.pop(key)
            if error is None:
                done.append(job)
            else:
                settle(job, error)
            if isinstance(error, AwayError) or is_stopped():
                break
    if done:
        Job.objects.held(done).done()
    if left:
        Job.objects.held(left.values()).give_back()
    return len(jobs) - len(left)


def outcomes(jobs: Sequence[Job]) -> Generator[Ended]:
    """What came of each, as soon as it is over."""
    left = {str(job.pk): job for job in jobs}
    try:
        for key, error in call_tasks(jobs):
            del left[key]
            yield key, error
    except Exception as error:  # noqa: BLE001 - whatever a job raises, others wait behind it
        if len(jobs) == 1:
            yield from ((key, error) for key in left)
            return
        # One of them may be to blame, and no other is to suffer for it.
        for job in left.values():
            yield from outcomes([job])


def settle(job: Job, error: Exception) -> None:
    """An error puts a job off or, when trying again cannot help, sets it aside."""
    match error:
        case AwayError():
            resting.rest(job.kind, error.delay)
            job.keep_turn()
        case NotYetError():
            job.put_off(error.delay)
        case ObjectDoesNotExist():
            # Deleted meanwhile, as a page may be before its references are counted.
            logger.warning("Job %s ends: what it was about is gone (%s).", job.id, class_of(error))
            job.done()
        case PermanentError():
            logger.error("Job %s failed for good (%s).", job.id, type(error).__name__)
            job.fail(error)
        case _ if job.retry(error):
            logger.warning("Job %s will be tried again (%s).", job.id, type(error).__name__)
        case _:
            logger.error("Job %s is given up (%s).", job.id, type(error).__name__)


def call_tasks(jobs: Sequence[Job]) -> Iterator[Ended]:
    """Calls the task of a job, or of several that are done together.

    Raises: whatever the task raises; PermanentError, where there is no such task.
    """
    # Of several, none was tried that often.
    if jobs[0].attempts > MOST_ATTEMPTS:
        raise PermanentError("every worker that took it died")
    task = known_task(jobs[0].kind)
    several = done_together(task)
    if several and len(jobs) > 1:
        yield from several.run([result_of(job, task) for job in jobs])
        return
    for job in jobs:
        result = result_of(job, task)
        context = [TaskContext(task_result=result)] if task.takes_context else []
        task.call(*context, *result.args, **result.kwargs)
        yield str(job.pk), None


def known_task(kind: str) -> Task[Any, Any]:
    try:
        return task_of(kind)
    except ImportError as error:
        raise PermanentError("there is no such task") from error


def alike(job: Job) -> list[Job]:
    """Those that are done together with a leased job, leased with it."""
    try:
        several = done_together(task_of(job.kind))
    except ImportError:
        return []
    return Job.objects.lease_alike(job, several.most - 1) if several else []


def do_next(is_stopped: Callable[[], bool] = never) -> int:
    """Does the next job that is due, and those that are done together with it."""
    job = Job.objects.lease_next(resting=resting.kinds())
    return run_jobs([job, *alike(job)], is_stopped) if job else 0


def drain() -> int:
    """Does what is due, and returns how many jobs that were."""
    done = 0
    while just_done := do_next():
        done += just_done
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

    def do_chores(self) -> int:
        """Those whose time has come. 0, so that a pause follows."""
        now = time.monotonic()
        for chore, due in self.next_runs.items():
            if now >= due:
                self.next_runs[chore] = now + chore.every.total_seconds()
                do_chore(chore)
        return 0

    def run(self) -> None:
        with ThreadPoolExecutor(self.threads, "jobs") as pool:
            work = partial(do_next, self.stop.is_set)
            doing = [pool.submit(self._go_on, work) for _number in range(self.threads)]
            self._go_on(self.do_chores)
        for each in doing:
            # What ended a thread ends the worker, for whatever watches over it to see.
            each.result()

    def _go_on(self, work: Callable[[], int]) -> None:
        """Does work again and again, after a pause where there was none."""
        try:
            while not self.stop.is_set():
                if not self._is_busy(work):
                    close_old_connections()
                    self.stop.wait(PAUSE_SECONDS)
        finally:
            self.stop.set()
            connections.close_all()

    def _is_busy(self, work: Callable[[], int]) -> bool:
        try:
            return work() > 0
        # Not only DatabaseError: a connection that died is an InterfaceError.
        except Error as error:
            logger.warning("The database does not answer (%s).", type(error).__name__)
            connections.close_all()
            return False
