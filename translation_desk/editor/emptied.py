"""Translations that somebody took away: they show nowhere, and may be had back."""

from django.utils import timezone
from wagtail_localize.models import StringTranslation

from accounts.models import User

# Stored in place of a tool. With an error a text counts as missing, as machine drafts do.
EMPTIED = "emptied"


def is_emptied(row: StringTranslation) -> bool:
    return row.tool_name == EMPTIED and bool(row.has_error)


def empty(row: StringTranslation, user: User) -> None:
    """Not by saving it: a title would show in the admin's lists."""
    StringTranslation.objects.filter(pk=row.pk).update(
        tool_name=EMPTIED,
        has_error=True,
        field_error="",
        translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
        last_translated_by=user,
        updated_at=timezone.now(),
    )
