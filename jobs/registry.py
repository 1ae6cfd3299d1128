"""What apps tell the worker: its chores, how urgent a task is, and what an error means."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.module_loading import autodiscover_modules
from django_tasks.base import Task, TaskResult

# The priority of a task that a person waits for, such as a mail to them.
SOMEBODY_WAITS = 10

# The key of a job that is over, and what went wrong with it, if anything did.
Ended = tuple[str, Exception | None]
DoSeveral = Callable[[Sequence[TaskResult[Any]]], Iterator[Ended]]

_chores: list["Chore"] = []
_together: dict[str, "Together"] = {}


class PermanentError(Exception):
    """Raised by a task when trying again cannot help."""


class NotYetError(Exception):
    """Raised by a task whose turn has not come. It is asked again, and nothing has failed."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(delay)
        self.delay = delay


class AwayError(NotYetError):
    """Raised by a task when something is away that all of its kind need.

    None of the kind is asked until then. Each keeps its turn, and its tries.
    """


@dataclass(frozen=True)
class Together:
    """How several jobs of a task are done at a time, and how many at most."""

    run: DoSeveral
    most: int


def together(task: Task[Any, Any], most: int) -> Callable[[DoSeveral], DoSeveral]:
    """Lets a function do several jobs of a task at a time, where more than one is due.

    It tells of each as soon as that is over. Whoever stops asking leaves the others undone; an
    error that it raises is nobody's: those that are left are done one by one then.
    """

    def register(run: DoSeveral) -> DoSeveral:
        _together[task.module_path] = Together(run, most)
        return run

    return register


def done_together(task: Task[Any, Any]) -> Together | None:
    return _together.get(task.module_path)


@dataclass(frozen=True)
class Chore:
    """Work that every worker does again and again; doing it twice at once does no harm."""

    every: timedelta
    run: Callable[[], object]


def every(interval: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Makes a chore of a function in a module named `tasks`."""

    def register(run: Callable[[], object]) -> Callable[[], object]:
        _chores.append(Chore(interval, run))
        return run

    return register


def chores() -> list[Chore]:
    autodiscover_modules("tasks")
    return list(_chores)
