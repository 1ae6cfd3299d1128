"""Translation memory: a text translated once is offered wherever else it stands."""

from wagtail_localize.models import StringTranslation, Translation

from translations.queries import DRAFTS, MEMORY, untranslated


def reuse(translation: Translation) -> int:
    """Fills texts that are translated elsewhere into the same language.

    Of several translations the newest wins that a person made or has looked at. They are marked
    as not made by a person here, so that the translator looks at them in their new place; where a
    machine has drafted one, they take its place. Returns how many there were.
    """
    # A context is a place, like a block of text, and may hold several texts.
    missing = set(
        untranslated(translation.target_locale)
        .filter(source=translation.source)
        .values_list("context_id", "string_id")
    )
    known = dict(
        StringTranslation.objects.filter(
            translation_of__in={string for _context, string in missing},
            locale=translation.target_locale,
            has_error=False,
        )
        .order_by("translation_type", "updated_at")
        .values_list("translation_of_id", "data")
    )
    reused = [
        StringTranslation(
            translation_of_id=string,
            locale=translation.target_locale,
            context_id=context,
            data=known[string],
            translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE,
            tool_name=MEMORY,
        )
        for context, string in missing
        if string in known
    ]
    StringTranslation.objects.filter(
        DRAFTS,
        locale=translation.target_locale,
        context_id__in={row.context_id for row in reused},
        translation_of_id__in=known,
    ).delete()
    StringTranslation.objects.bulk_create(reused, ignore_conflicts=True)
    return len(reused)
