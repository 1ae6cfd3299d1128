"""Form fields with their label, hint and errors, told to screen readers as to eyes."""

from typing import Any

from django import forms, template
from django.forms import BoundField

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
    if field.field.required:
        attrs["aria-required"] = "true"
    return {
        "field": field,
        "widget": field.as_widget(attrs=attrs),
        "is_box": isinstance(field.field.widget, forms.CheckboxInput),
    }
