"""What must hold before the site may serve or work."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from security.encryption import DecryptionError
from signatures.models import HashKey


@register(Tags.database)
def field_keys_fit_the_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With the wrong keys nobody's signature could be read, and new ones would be lost later."""
    if "default" not in (databases or ()):
        return []
    try:
        list(HashKey.objects.all())
    except DecryptionError:
        return [
            Error(
                "FIELD_KEYS does not hold the key that this database was encrypted with: "
                "put that key back, after the new one if it was changed.",
                id="signatures.E001",
            )
        ]
    except DatabaseError:
        # No table yet, or no database for now: both are told where they matter.
        return []
    return []
