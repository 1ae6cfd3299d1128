"""No sentence of the source language goes live in another.

The editors' views refuse earlier and with more words. This looks at the very texts that are about
to be published, so that it also holds for a draft made before its translation, a scheduled one,
one that a workflow approved, and whatever a command publishes.
"""

from typing import Any

from wagtail.fields import StreamField
from wagtail.models import Locale
from wagtail_localize.models import String, StringTranslation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from campaigns.citation_blocks import UnexplainedTitle
from campaigns.completeness import Gap, gap_of, name_gaps


class HalfTranslatedError(Exception):
    """A page without the translation of a text that visitors need may not go live."""

    def __init__(self, page: Any, found: list[Gap]) -> None:
        super().__init__(f"{page} is not translated: {', '.join(gap.field for gap in found)}")
        self.page = page
        self.gaps = found


def foreign_texts(instance: Any) -> list[Gap]:
    """The texts of a translation that still stand in the source language, in reading order.

    So do the names of cities that its language lacks. A text that a translator left as it is on
    purpose is none of them.
    """
    source = Locale.get_default()
    if instance.locale_id == source.pk:
        return []
    unnamed = name_gaps(instance)
    places = [
        (segment.path, segment.string.data)
        for segment in extract_segments(instance)
        if isinstance(segment, StringSegmentValue)
        and not isinstance(segment, UnexplainedTitle)
        and any(map(str.isalpha, segment.string.data))
    ]
    hashes = {String._get_data_hash(text) for _path, text in places}
    written = String.objects.filter(locale=source, data_hash__in=hashes)
    foreign = set(written.values_list("data", flat=True))
    if not foreign:
        return unnamed
    translated = set(
        StringTranslation.objects.filter(
            context__object_id=instance.translation_key, locale=instance.locale_id, has_error=False
        ).values_list("context__path", "data")
    )
    texts = [
        gap_of(type(instance), path, text)
        for path, text in places
        if text in foreign and (path, text) not in translated
    ]
    return [*unnamed, *texts]


def keep_to_language(revision: Any) -> None:
    """Leaves out of a draft what is not translated: it stays as it is live now, or away.

    Raises: HalfTranslatedError, where visitors need a text that is not translated.
    """
    page = revision.as_object()
    found = foreign_texts(page)
    essential = [gap for gap in found if gap.is_essential]
    if essential:
        raise HalfTranslatedError(page, essential)
    if found:
        leave_out(page, found)
        revision.content = page.serializable_data()
        revision.save(update_fields=["content"])


def leave_out(page: Any, found: list[Gap]) -> None:
    live = type(page).objects.filter(pk=page.pk, live=True).first()
    also = foreign_texts(live) if live else []
    kept = {place(gap.path) for gap in also}
    for name, block in {place(gap.path) for gap in found}:
        field = page._meta.get_field(name)
        usable = live if live and (name, block) not in kept else None
        if isinstance(field, StreamField):
            now = {item["id"]: item for item in raw(usable, name)} if usable else {}
            items = [now.get(block) if item["id"] == block else item for item in raw(page, name)]
            setattr(page, name, field.stream_block.to_python([each for each in items if each]))
        else:
            setattr(page, name, getattr(usable, name) if usable else "")


def place(path: str) -> tuple[str, str]:
    """The field that a text stands in and, in a stream, the id of its outermost block."""
    name, _dot, rest = path.partition(".")
    return name, rest.partition(".")[0]


def raw(page: Any, name: str) -> list[dict[str, Any]]:
    return list(getattr(page, name).get_prep_value())
