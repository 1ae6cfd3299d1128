"""Which function does which kind of job. Apps register theirs in a module named `tasks`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.module_loading import autodiscover_modules

from jobs.models import Job

Handler = Callable[[Job], None]

_handlers: dict[str, Handler] = {}
_chores: list["Chore"] = []


class PermanentError(Exception):
    """Raised by a handler when trying again cannot help."""


class NotYetError(Exception):
    """Raised by a handler whose turn has not come. It is asked again, and nothing has failed."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(delay)
        self.delay = delay


@dataclass(frozen=True)
class Chore:
    """Work that every worker does again and again; doing it twice at once does no harm."""

    every: timedelta
    run: Callable[[], object]


def handles(kind: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def every(interval: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def register(run: Callable[[], object]) -> Callable[[], object]:
        _chores.append(Chore(interval, run))
        return run

    return register


def handler_of(kind: str) -> Handler:
    """The function for a kind of job.

    Raises:
        PermanentError: nobody handles that kind.
    """
    autodiscover_modules("tasks")
    try:
        return _handlers[kind]
    except KeyError:
        raise PermanentError(f"nobody handles {kind}") from None


def chores() -> list[Chore]:
    autodiscover_modules("tasks")
    return list(_chores)
