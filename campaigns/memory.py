"""Translation memory: a text translated once is offered wherever else it stands."""

from django.utils.translation import gettext
from wagtail_localize.models import StringTranslation, Translation

from campaigns.matrix import untranslated


def reuse(translation: Translation) -> int:
    """Fills texts that are translated elsewhere into the same language, the newest winning.

    They are marked as not made by a person here, so that the translator looks at them in their
    new place. Returns how many there were.
    """
    missing = dict(
        untranslated(translation.target_locale)
        .filter(source=translation.source)
        .values_list("context_id", "string_id")
    )
    known = dict(
        StringTranslation.objects.filter(
            translation_of__in=set(missing.values()),
            locale=translation.target_locale,
            has_error=False,
        )
        .order_by("updated_at")
        .values_list("translation_of_id", "data")
    )
    reused = [
        StringTranslation(
            translation_of_id=string,
            locale=translation.target_locale,
            context_id=context,
            data=known[string],
            translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE,
            tool_name=gettext("translation memory"),
        )
        for context, string in missing.items()
        if string in known
    ]
    StringTranslation.objects.bulk_create(reused, ignore_conflicts=True)
    return len(reused)
