"""What wagtail-localize's editor shows beyond its own."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from wagtail_localize.models import Translation

from campaigns.translation_notes import Notes, notes_of

register = template.Library()

# Where the editor of the texts begins, below the header.
EDITOR = '<div class="js-translation-editor"'


@register.simple_tag
def translation_notes(translation: Translation, instance: Any) -> Notes:
    return notes_of(translation, type(instance))


@register.simple_tag
def with_marks(props: str, notes: Notes) -> str:
    """The editor's data, with each note beside its text."""
    data = json.loads(props)
    by_segment = {note.segment.pk: note for note in notes.notes}
    for shown in data["initialStringTranslations"]:
        if note := by_segment.get(shown["segment_id"]):
            note.mark(shown)
    return json.dumps(data, cls=DjangoJSONEncoder)


@register.simple_tag(takes_context=True)
def with_notes(context: Any, editor: str, notes: Notes) -> SafeString:
    """The editor with the notes above its texts."""
    shown = {
        "notes": notes,
        "translation": context["translation"],
        "language": context["target_locale"],
    }
    panel = render_to_string(
        "campaigns/admin/translation_notes.html", shown, request=context["request"]
    )
    return mark_safe(editor.replace(EDITOR, panel + EDITOR, 1))  # noqa: S308  both are rendered
