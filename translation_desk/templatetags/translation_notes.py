"""What a translator should look at, in the editor of translations."""

import json

from django import template
from wagtail.models import TranslatableMixin
from wagtail_localize.models import Translation

from translation_desk.notes import Notes, date_in_words, notes_of

register = template.Library()


@register.simple_tag
def translation_notes(translation: Translation, instance: TranslatableMixin) -> Notes:
    return notes_of(translation, type(instance))


@register.filter
def with_notes(props: str, notes: Notes) -> str:
    """What the editor's script is given, with each note beside its text."""
    described = json.loads(props)
    by_segment = {note.segment.pk: note for note in notes.notes}
    for shown in described["initialStringTranslations"]:
        date_in_words(shown)
        if note := by_segment.get(shown["segment_id"]):
            note.mark(shown)
    return json.dumps(described)
