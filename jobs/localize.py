"""What wagtail-localize does in the background, which has an interface of its own, as our jobs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.module_loading import import_string
from django_tasks import task
from wagtail_localize.components import BaseComponentManager
from wagtail_localize.tasks import BaseJobBackend


class UnstorableError(Exception):
    """An argument is neither plain nor a row."""


class LocalizeJobBackend(BaseJobBackend):
    """Stores a call in the caller's transaction; one with an unstorable argument is done at once.

    That is what a form of translation components would be, of which the site has none.
    """

    def enqueue(
        self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        try:
            stored = (
                [packed(each) for each in args],
                {name: packed(each) for name, each in kwargs.items()},
            )
        except UnstorableError:
            func(*args, **kwargs)
        else:
            call.enqueue(f"{func.__module__}.{func.__qualname__}", *stored)


@task
def call(function: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Raises: ObjectDoesNotExist, where a row among the arguments is gone."""
    if not function.startswith("wagtail_localize."):
        raise ValueError("only wagtail-localize's own functions are called")
    import_string(function)(
        *[unpacked(each) for each in args],
        **{name: unpacked(each) for name, each in kwargs.items()},
    )


def packed(value: object) -> object:
    """As JSON, a row by its model and key.

    Raises: UnstorableError.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple():
            return [packed(each) for each in value]
        case dict():
            return {key: packed(each) for key, each in value.items()}
        case Model():
            return {"model": value._meta.label, "pk": str(value.pk)}
        case BaseComponentManager(components=[]):
            return None
    raise UnstorableError


def unpacked(value: object) -> object:
    match value:
        case list():
            return [unpacked(each) for each in value]
        case {"model": label, "pk": key}:
            return apps.get_model(label)._default_manager.get(pk=key)
        case dict():
            return {key: unpacked(each) for key, each in value.items()}
    return value
