"""Form fields that refuse what cannot be shown, those of the editors' own questions included."""

import unicodedata
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from campaigns.records.form_shape import Question
from signatures.form.characters import holds_unseen

SHORT_TEXT, LONG_TEXT = 200, 2000
# So many answers are a list to open; fewer are all in view.
SELECTED_FROM = 7
TOO_LONG = _(
    "This text is too long: it has %(show_value)d characters, and the limit is %(limit_value)d."
)


@cache
def refuse_longer_than(limit: int) -> MaxLengthValidator:
    """Made once for all: whoever makes one has its words translated, used or not."""
    return MaxLengthValidator(limit, TOO_LONG)


class CleanCharField(forms.CharField):
    """A text in Unicode's composed form, without characters that nobody sees."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Words of any script stand from the side on which they begin."""
        written = isinstance(widget, (forms.TextInput, forms.Textarea))
        return {**super().widget_attrs(widget), **({"dir": "auto"} if written else {})}

    def to_python(self, value: object) -> str:
        """Looks at the text as it was sent: taking off spaces takes off some of them too.

        A text that is too long is refused without a closer look, which might take long.
        """
        sent = str(value or "")
        if self.max_length is not None:
            refuse_longer_than(self.max_length)(sent.strip())
        if holds_unseen(sent, in_lines=isinstance(self.widget, forms.Textarea)):
            raise ValidationError(
                _("This text holds a character that cannot be shown. Please type it again."),
                code="control",
            )
        return unicodedata.normalize("NFC", super().to_python(sent) or "")


class Radios(forms.RadioSelect):
    """None is chosen until somebody chooses, “no answer” neither."""

    def format_value(self, value: object) -> list[str]:
        return [] if value is None else super().format_value(value)


class ChosenKeysField(forms.MultipleChoiceField):
    """Each chosen key once."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: object) -> list[str]:
        return list(dict.fromkeys(super().clean(value)))


def yes_or_no() -> list[tuple[str, str]]:
    return [("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))]


def field_for(question: Question) -> forms.Field:
    """The form field of a question, in the language that is active."""
    common: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help_text,
        "required": question.is_required,
        "error_messages": {
            "required": gettext("Please answer the question “%(question)s”.")
            % {"question": question.label},
            "invalid_choice": gettext("Please choose one of the answers offered."),
            "invalid_list": gettext("Please choose one of the answers offered."),
        },
    }
    if question.kind == "choices":
        return ChosenKeysField(choices=list(question.options.items()), **common)
    if question.kind == "choice" and len(question.options) >= SELECTED_FROM:
        nothing = gettext("Choose an answer") if question.is_required else gettext("No answer")
        return forms.ChoiceField(choices=[("", nothing), *question.options.items()], **common)
    if question.kind == "choice":
        return forms.ChoiceField(
            choices=[*question.options.items(), *_no_answer(question)], widget=Radios, **common
        )
    if question.kind == "yes_no":
        return forms.TypedChoiceField(
            choices=[*yes_or_no(), *_no_answer(question)],
            coerce=lambda answer: answer == "yes",
            empty_value=None,
            widget=Radios,
            **common,
        )
    if question.kind == "long_text":
        widget = forms.Textarea(attrs={"rows": 3})
        return CleanCharField(max_length=LONG_TEXT, widget=widget, **common)
    return CleanCharField(max_length=SHORT_TEXT, **common)


def _no_answer(question: Question) -> list[tuple[str, str]]:
    """A way back from an answer, which a radio button alone does not give."""
    return [] if question.is_required else [("", gettext("No answer"))]
