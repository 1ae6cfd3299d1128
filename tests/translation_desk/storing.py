"""Translations, one text at a time."""

from typing import Any

from wagtail_localize.models import StringSegment, StringTranslation

from campaigns.models import CampaignPage
from translations.gaps import translation_of


def store(page: CampaignPage, path: str, text: str, **more: Any) -> StringTranslation:
    """Translates one text of a page."""
    translation = translation_of(page)
    assert translation
    segment = StringSegment.objects.get(source=translation.source, context__path=path)
    row, _created = StringTranslation.objects.update_or_create(
        translation_of=segment.string,
        locale=page.locale,
        context=segment.context,
        defaults={"data": text, "translation_type": "manual", "tool_name": "", **more},
    )
    return row
