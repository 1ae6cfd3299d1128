"""django-tasks over our table: `@task` and `enqueue` make jobs, Wagtail's own tasks among them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.signals import task_enqueued
from django_tasks.utils import normalize_json

from jobs.models import Job


class JobBackend(BaseTaskBackend):
    """Stores a task in the caller's transaction: it exists if and only if that commits.

    There is one queue, "default"; a task that names another, or is a coroutine, is refused.
    """

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(
        self, task: Task[Any, Any], args: Sequence[object], kwargs: Mapping[str, object]
    ) -> TaskResult[Any]:
        self.validate_task(task)
        job = Job.objects.create(
            kind=task.module_path,
            payload=normalize_json({"args": args, "kwargs": kwargs}),
            priority=task.priority,
            run_at=task.run_after or timezone.now(),
        )
        result = result_of(job, task)
        task_enqueued.send(type(self), task_result=result)
        return result

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Of a task that waits, runs or failed; the table knows nothing of those that were done.

        Raises: TaskResultDoesNotExist.
        """
        try:
            job = Job.objects.get(pk=result_id)
            return result_of(job, task_of(job.kind))
        except (Job.DoesNotExist, ValidationError, ImportError):
            raise TaskResultDoesNotExist(result_id) from None


def task_of(kind: str) -> Task[Any, Any]:
    """Raises: ImportError, where nothing of that name is a task."""
    task = import_string(kind)
    if not isinstance(task, Task):
        raise ImportError(f"{kind} is no task")
    return task


def status_of(job: Job) -> TaskResultStatus:
    if job.failed_at:
        return TaskResultStatus.FAILED
    is_running = job.is_leased(timezone.now())
    return TaskResultStatus.RUNNING if is_running else TaskResultStatus.READY


def result_of(job: Job, task: Task[Any, Any]) -> TaskResult[Any]:
    """What the table knows of a job: not when it began, nor the words of its error."""
    return TaskResult(
        task=task.using(priority=job.priority, run_after=job.run_at),
        id=str(job.pk),
        status=status_of(job),
        enqueued_at=job.created_at,
        started_at=None,
        finished_at=job.failed_at,
        last_attempted_at=None,
        args=job.payload.get("args", []),
        kwargs=job.payload.get("kwargs", {}),
        backend=task.backend,
        errors=[TaskError(exception_class_path=job.error, traceback="")] if job.error else [],
        # Workers have no names, so that only their number says something.
        worker_ids=["worker"] * job.attempts,
    )
