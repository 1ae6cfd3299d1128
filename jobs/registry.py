"""What apps tell the worker: its chores, how urgent a task is, and what an error means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.module_loading import autodiscover_modules

# The priority of a task that a person waits for, such as a mail to them.
SOMEBODY_WAITS = 10

_chores: list["Chore"] = []


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
