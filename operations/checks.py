"""What must hold before the site may serve or work."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import Error as AnyDatabaseError

from operations.databases import is_marked_unfinished


@register(Tags.database)
def restore_is_finished(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Before, whoever was erased since the backup is back."""
    if "default" not in (databases or ()):
        return []
    try:
        if not is_marked_unfinished():
            return []
    except AnyDatabaseError:
        # Told where it matters.
        return []
    told = "A restore into this database was not finished: make it anew, empty, and restore again."
    return [Error(told, id="operations.E001")]
