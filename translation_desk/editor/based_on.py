"""What a text that is saved was based on: what its translator saw, and of which source."""

from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationContext,
)

from accounts.models import User
from security.printable import printable
from translation_desk.editor.emptied import is_emptied
from translation_desk.po.texts import clean

# By its name: the text that is saved is `value`, the one it takes the place of `known`, that of the
# source `source`, and its place there `path`. A browser sends line breaks as it likes.
Sent = dict[str, str]


def segment_for(translation: Translation, pk: int, sent: Sent) -> StringSegment | None:
    """The place of the text; None where the source has it no more.

    Whenever a source is read anew, its places get other numbers, though nothing has changed there.
    """
    here = StringSegment.objects.filter(source=translation.source_id)
    same = here.filter(context__path=sent.get("path", ""), string__data__in=spellings(sent))
    found = here.filter(pk=pk).select_related("context").first()
    return found or same.select_related("context").first()


def spellings(sent: Sent) -> set[str]:
    source = sent.get("source", "")
    return {source, clean(source)}


def written_meanwhile(
    translation: Translation, segment: StringSegment, sent: Sent
) -> StringTranslation | None:
    """What would be written over, though whoever saves has not seen it."""
    stored = StringTranslation.objects.filter(
        translation_of=segment.string_id,
        context=segment.context_id,
        locale=translation.target_locale_id,
    ).first()
    if stored is None or is_emptied(stored) or "known" not in sent:
        return None
    seen = {clean(sent["known"]), clean(sent.get("value", ""))}
    return None if clean(stored.data) in seen else stored


def keep(translation: Translation, user: User, sent: Sent) -> bool:
    """Stores it as the translation of what the source had; whether there was such a text."""
    source = translation.source
    context = TranslationContext.objects.filter(
        object_id=source.object_id, path=sent.get("path", "")
    ).first()
    former = String.objects.filter(locale=source.locale_id, data__in=spellings(sent)).first()
    text = printable(clean(sent.get("value", "")))
    if context is None or former is None or not text:
        return False
    StringTranslation.objects.update_or_create(
        translation_of=former,
        context=context,
        locale_id=translation.target_locale_id,
        defaults={
            "data": text,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "tool_name": "",
            "last_translated_by": user,
            "has_error": False,
            "field_error": "",
        },
    )
    return True
