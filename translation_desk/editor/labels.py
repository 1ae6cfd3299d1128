"""What the texts of a source are called: each by its place, so that no two look alike."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail_localize.models import StringSegment, Translation

from translation_desk.po.texts import Places
from translations.panels import in_reading_order
from translations.validation import Place


@dataclass(frozen=True)
class Label:
    """`part` tells the texts of one place apart: the paragraphs of a longer text."""

    place: Place
    part: str = ""

    def __str__(self) -> str:
        return " › ".join(filter(None, [str(self.place), self.part]))


def labels(translation: Translation, model: type[Model]) -> dict[int, Label]:
    """By the segments of the texts, in reading order."""
    found = StringSegment.objects.filter(source=translation.source_id).select_related("context")
    segments = in_reading_order(found, model)
    places = Places(translation)
    total = Counter(segment.context.path for segment in segments)
    met: Counter[str] = Counter()
    named = {}
    for segment in segments:
        path = segment.context.path
        met[path] += 1
        numbers = {"number": met[path], "total": total[path]}
        part = _("part %(number)s of %(total)s") % numbers if total[path] > 1 else ""
        named[segment.pk] = Label(places[path], part)
    return named


def name_rows(described: dict[str, Any], translation: Translation, model: type[Model]) -> None:
    """Names the rows of wagtail-localize's editor, which gathers those of one block under it."""
    named, places = labels(translation, model), Places(translation)
    for row in described["segments"]:
        is_text = row["type"] == "string"
        label = named[row["id"]] if is_text else Label(places[row["contentPath"]])
        steps = [*label.place.labels, *filter(None, [label.part])]
        # A field has its name alone; a block that of its field and its own.
        outer = len(label.place.labels) if "." not in row["contentPath"] else 2
        row["location"]["field"] = " › ".join(steps[:outer])
        row["location"]["subField"] = " › ".join(steps[outer:]) or None
