"""Whose words a stored translation is: a person's, another place's, or a machine's."""

from typing import Any

from django.db.models import Q
from wagtail_localize.models import StringTranslation

# Stored with what the memory offers, so the same in every language of the admin.
MEMORY = "translation memory"

# What a machine wrote and nobody has accepted. It is kept with an error, and wagtail-localize
# leaves out what has one: it shows nowhere, and counts as missing, until a person accepts it.
DRAFTS = Q(translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE, has_error=True) & ~Q(
    tool_name=MEMORY
)


def is_reused(translation: Any) -> bool:
    """Whether it came from another place, and nobody has looked at it here."""
    by_machine = translation.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE
    return by_machine and translation.tool_name == MEMORY


def is_draft(translation: Any) -> bool:
    by_machine = translation.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE
    return by_machine and translation.has_error and translation.tool_name != MEMORY
