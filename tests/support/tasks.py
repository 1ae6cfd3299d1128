"""The queue of the tests."""

from collections.abc import Mapping, Sequence
from typing import Any

from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult

from jobs.backend import JobBackend

# They keep what is found by searching, and what is used where.
WAGTAILS = ("modelsearch.", "wagtail.")


class OursWait(JobBackend):
    """Ours wait for `drain()`. Wagtail's own are done at once, as by a worker that is quick."""

    def enqueue(
        self, task: Task[Any, Any], args: Sequence[object], kwargs: Mapping[str, object]
    ) -> TaskResult[Any]:
        if task.module_path.startswith(WAGTAILS):
            return ImmediateBackend(self.alias, {}).enqueue(task, args, kwargs)
        return super().enqueue(task, args, kwargs)
