"""Wagtail's index of what uses what is kept by jobs. Whoever asks it has those done first.

Otherwise an image that a page shows since two seconds ago would be deleted without a warning.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from wagtail.models import ReferenceIndex
from wagtail.tasks import update_reference_index_task

from jobs.models import Job

P = ParamSpec("P")
R = TypeVar("R")

# Every question about uses asks one of these: of one object, of several, of all in a list.
QUESTIONS = ("get_references_to", "get_references_to_in_bulk", "usage_count_subquery")


def catch_up() -> None:
    """Does what waits for the worker, each object once, and what a worker has in hand, again."""
    waiting = Job.objects.waiting().filter(kind=update_reference_index_task.module_path)
    found = dict(waiting.values_list("pk", "payload"))
    for args in {tuple(payload["args"]) for payload in found.values()}:
        try:
            update_reference_index_task.call(*args)
        except ObjectDoesNotExist:
            # Deleted meanwhile, and its references with it.
            continue
    if found:
        Job.objects.filter(pk__in=found).free(timezone.now()).delete()


def after_catching_up(question: Callable[P, R]) -> Callable[P, R]:
    @wraps(question)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        catch_up()
        return question(*args, **kwargs)

    return asked


def catch_up_before_questions() -> None:
    """Wagtail has no place for it, and asks from a dozen views, so the one class they ask is
    changed."""
    for name in QUESTIONS:
        setattr(
            ReferenceIndex, name, staticmethod(after_catching_up(getattr(ReferenceIndex, name)))
        )
