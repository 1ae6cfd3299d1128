"""The form in which a page or snippet is written: its fields in order, each under a heading."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    ObjectList,
    Panel,
    PanelGroup,
    TabbedInterface,
    get_edit_handler,
)
from wagtail_localize.models import StringSegment


@cache
def headings(model: type[Model]) -> dict[str, str | Promise]:
    """Its fields in the order of the form; for each the heading of its group, empty for none."""
    # Pages have a way of their own.
    of_page: Any = getattr(model, "get_edit_handler", None)
    return dict(_headings(of_page() if of_page else get_edit_handler(model), ""))


def _headings(panel: Panel, heading: str | Promise) -> Iterator[tuple[str, str | Promise]]:
    if isinstance(panel, FieldPanel):
        yield panel.field_name, heading
    elif isinstance(panel, InlinePanel):
        yield panel.relation_name, heading
    elif isinstance(panel, PanelGroup):
        # A tab is no group of fields.
        is_tab = isinstance(panel, ObjectList | TabbedInterface)
        for child in panel.children:
            yield from _headings(child, heading if is_tab else panel.heading or heading)


def in_reading_order(segments: Iterable[StringSegment], model: type[Model]) -> list[StringSegment]:
    """As the form has them, which is the order of the page; a text without a field comes last."""
    places = {name: number for number, name in enumerate(headings(model))}

    def place(segment: StringSegment) -> tuple[Any, ...]:
        field = segment.context.path.split(".")[0]
        return places.get(field, len(places)), segment.order, segment.pk

    return sorted(segments, key=place)
