"""Requests that no page of ours sends, and that other packages' views fail over.

Wagtail reads the numbers and ids of its own addresses, queries and hidden fields as they come. What
only a hand can have written there is no fault of the site: it is answered by 400 and noted in one
line, so that the site's own errors stand alone. An error is taken for one of these only where it
says so itself, and never where a line of ours is nearer to it than one of theirs.
"""

import json
import logging
import math
from collections.abc import Callable, Iterator
from traceback import walk_tb
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.forms import BaseForm
from django.forms.widgets import Input, Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, RawPostDataException
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch
from django.utils.datastructures import MultiValueDictKeyError
from django.views.defaults import bad_request
from django.views.generic.edit import DeletionMixin
from wagtail.admin.views.generic.chooser import CreateViewMixin

logger = logging.getLogger(__name__)

PACKAGES = {"wagtail", "wagtail_localize", "modelcluster", "taggit"}
ROOMS = {name.split(".")[0] for name in settings.INSTALLED_APPS} - PACKAGES - {"django"}
# Python cuts a long text short.
NO_INTEGER, SHOWN = "invalid literal for int() with base 10: ", 200


class MalformedRequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_arguments: Any
    ) -> HttpResponse | None:
        """By this method Django would delete at once, past all that Wagtail looks at and notes."""
        view_class = getattr(view, "view_class", object)
        if request.method == "DELETE" and issubclass(view_class, DeletionMixin):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST", "OPTIONS"])
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        trace = list(walk_tb(error.__traceback__))
        name, line = nearest(trace)
        if not is_malformed(request, error, name, [frame for frame, _line in trace]):
            return None
        logger.warning(
            "Refused a malformed request: %s in %s, line %s.", type(error).__name__, name, line
        )
        return bad_request(request, error)


def is_malformed(
    request: HttpRequest, error: Exception, module: str, frames: list[FrameType]
) -> bool:
    if isinstance(error, MultiValueDictKeyError):
        return True
    if module.split(".")[0] not in PACKAGES:
        return False
    return (
        any(is_about(error, value) for value in carried(request))
        or any(lacks_fields(form) for form in forms_cleaned(frames))
        or is_for_no_form(frames)
        or (isinstance(error, RecursionError) and is_reading_json(frames))
        or (isinstance(error, DataError | IntegrityError) and has_endless_numbers(request))
    )


def nearest(trace: list[tuple[FrameType, int]]) -> tuple[str, int]:
    """The module and the line next to the error, of theirs and ours."""
    for frame, line in reversed(trace):
        name = str(frame.f_globals.get("__name__"))
        if name.split(".")[0] in PACKAGES | ROOMS:
            return name, line
    return "", 0


def carried(request: HttpRequest) -> set[str]:
    """Every value of the request's address, query and form."""
    match = request.resolver_match
    sent = [
        value
        for each in (request.GET, request.POST)
        for _name, values in each.lists()
        for value in values
    ]
    return {*sent, *map(str, match.kwargs.values() if match else ())}


def is_about(error: Exception, value: str) -> bool:
    """Whether the error says that this value is no number, no id or no address."""
    if isinstance(error, ValidationError):
        return (getattr(error, "params", None) or {}).get("value") == value
    told = str(error)
    if isinstance(error, NoReverseMatch):
        *rooms, name = value.split(":")
        no_rooms = (f"{room!r} is not a registered namespace" for room in rooms)
        return told.startswith((f"Reverse for '{name}' ", *no_rooms))
    if isinstance(error, ValueError):
        no_number = told.endswith(f" expected a number but got {value!r}.")
        return no_number or told == NO_INTEGER + repr(value)[:SHOWN]
    return False


def forms_cleaned(frames: list[FrameType]) -> Iterator[BaseForm]:
    for frame in frames:
        form = frame.f_locals.get("self")
        if isinstance(form, BaseForm) and frame.f_code is BaseForm.full_clean.__code__:
            yield form


def lacks_fields(form: BaseForm) -> bool:
    """Whether a field is missing that every browser sends, or a hidden one is wrong."""
    for name, field in form.fields.items():
        widget, key = field.widget, form.add_prefix(name)
        is_always_sent = isinstance(widget, Input | Textarea) and not widget.needs_multipart_form
        if is_always_sent and not field.disabled:
            if widget.value_omitted_from_data(form.data, form.files, key):
                return True
            if widget.is_hidden and name in (form._errors or ()):  # type: ignore[attr-defined]
                return True
    return False


def has_endless_numbers(request: HttpRequest) -> bool:
    """Whether its JSON holds a number that Python reads as infinite, which no database keeps."""
    numbers: list[float] = []

    def read(text: str) -> None:
        numbers.append(float(text))

    try:
        json.loads(request.body, parse_float=read, parse_constant=read)
    except (ValueError, RecursionError, RawPostDataException):
        return False
    return not all(map(math.isfinite, numbers))


def is_reading_json(frames: list[FrameType]) -> bool:
    """Thousands of brackets within each other are too deep for Python, and are no list of ours."""
    return frames[-1].f_globals["__name__"].split(".")[0] == "json"


def is_for_no_form(frames: list[FrameType]) -> bool:
    """A chooser's address for new records is there even where nothing new is made."""
    views = [frame.f_locals.get("self") for frame in frames]
    return any(
        isinstance(each, CreateViewMixin) and vars(each).get("form", 0) is None for each in views
    )
