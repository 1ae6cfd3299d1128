"""Days and moments in the admin's forms, as the browser's own fields take them.

Wagtail's calendar puts today's date in place of what it can't read.
"""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin import telepath
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtail.admin.widgets import AdminDateInput

DAY = "%Y-%m-%d"
MOMENT = "%Y-%m-%dT%H:%M"


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, DAY)


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, MOMENT)


DAY_FIELD = {
    "widget": DayInput,
    "input_formats": [DAY],
    "error_messages": {"invalid": _("Write the day like 2026-03-31: year, month, day.")},
}
MOMENT_FIELD = {
    "widget": MomentInput,
    "input_formats": [MOMENT],
    "error_messages": {
        "invalid": _("Write the moment like 2026-03-31 18:00: year, month, day, hour, minute.")
    },
}


def register() -> None:
    """For every form that the admin makes of a model."""
    register_form_field_override(models.DateField, override=DAY_FIELD)
    register_form_field_override(models.DateTimeField, override=MOMENT_FIELD)
    # In blocks, too, a date field is the browser's own; see the template of the widget.
    telepath.register(WidgetAdapter(), AdminDateInput)
