"""Records that belong to somebody else's campaign or language are not edited.

Permissions speak of all records of a kind; these hooks narrow them to the assigned ones. They come
before wagtail-localize's, which shows its own editor in place of the usual one.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail import hooks

from campaigns.access import may_change

FIRST = -10


@hooks.register("before_edit_snippet", order=FIRST)
def refuse_to_edit(request: HttpRequest, record: Any) -> None:
    if not may_change(request.user, record):
        raise PermissionDenied


@hooks.register("before_delete_snippet", order=FIRST)
def refuse_to_delete(request: HttpRequest, records: Iterable[Any]) -> None:
    for record in records:
        refuse_to_edit(request, record)
