"""Form fields with their label, hint and errors, told to screen readers as to eyes."""

from typing import Any

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.forms.utils import flatatt
from wagtail.blocks import StructValue

from campaigns.records.form_shape import question
from signatures.form.form_fields import Radios, field_for

register = template.Library()


@register.inclusion_tag("signatures/field.html")
def sign_field(field: BoundField) -> dict[str, Any]:
    described_by = []
    if field.help_text:
        described_by.append(f"{field.auto_id}-hint")
    if field.errors:
        described_by.append(f"{field.auto_id}-error")
    attrs: dict[str, str | bool] = {"aria-invalid": "true"} if field.errors else {}
    if described_by:
        attrs["aria-describedby"] = " ".join(described_by)
    if is_radios := isinstance(field.field.widget, Radios):
        attrs["role"] = "radiogroup"
    # A group of boxes can be obligatory as a whole only, which ARIA has no word for.
    if field.field.required and (is_radios or not field.use_fieldset):
        attrs["aria-required"] = "true"
    if field.use_fieldset:
        return {"field": field, "is_group": True, "attrs": flatatt(attrs)}
    return {
        "field": field,
        "widget": field.as_widget(attrs=attrs),
        "is_box": isinstance(field.field.widget, forms.CheckboxInput),
    }


@register.inclusion_tag("signatures/leave.html")
def leave() -> dict[str, str]:
    """A way out of a page that somebody else must not see."""
    return {"address": settings.LEAVE_TO}


@register.inclusion_tag("signatures/field.html")
def question_field(value: StructValue) -> dict[str, Any]:
    """A question of the editors' own as the form will show it."""
    asked = question(value.block.name, value)
    form = forms.Form(auto_id="shown-%s")
    form.fields[asked.key] = field_for(asked)
    return sign_field(form[asked.key])
