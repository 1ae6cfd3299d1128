"""Form fields with their label, hint and errors, told to screen readers as to eyes."""

from collections.abc import Hashable
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.blocks import StructValue

from campaigns.records.form_shape import question
from signatures.form.form_fields import Radios, field_for
from signatures.form.sign_form import CountryChoiceField

register = template.Library()

# More than the fields of all campaigns in all languages.
MOST_KEPT = 500

_kept: dict[Hashable, SafeString] = {}


@register.simple_tag
def sign_field(field: BoundField) -> SafeString:
    """As long as nobody has filled in the form, a field looks alike on the pages of many cities.

    So each process keeps it. Django renders its parts by templates, which took an eighth of a
    page's time.
    """
    # Nothing is kept of what somebody wrote, nor of what is said of one city alone.
    if field.form.is_bound or field.initial or field.name == "lives_here":
        return rendered(field)
    key = looks(field)
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = rendered(field)
    return _kept[key]


def looks(field: BoundField) -> Hashable:
    """All that an empty field is rendered from."""
    asked, form = field.field, type(field.form)
    # Countries are the same everywhere, but for those that come first.
    options: Any = getattr(asked, "choices", ())
    if isinstance(asked, CountryChoiceField):
        options = [(code, "") for code in asked.widget.first]
    return (
        *(form, type(asked), type(asked.widget), get_language(), field.auto_id),
        *(str(field.label), str(field.help_text), asked.required, getattr(asked, "max_length", 0)),
        tuple((str(value), str(label)) for value, label in options),
    )


def rendered(field: BoundField) -> SafeString:
    return render_to_string("signatures/field.html", parts(field))


def parts(field: BoundField) -> dict[str, Any]:
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


@register.simple_tag
def question_field(value: StructValue) -> SafeString:
    """A question of the editors' own as the form will show it."""
    asked = question(value.block.name, value)
    form = forms.Form(auto_id="shown-%s")
    form.fields[asked.key] = field_for(asked)
    return sign_field(form[asked.key])
