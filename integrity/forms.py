"""What is asked before signatures are changed in bulk, or the site is paused."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrity.models import Sweep
from security.audit import refuse_addresses
from signatures.models import Invalidation


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        validators=[refuse_addresses],
        help_text=gettext_lazy(
            "For the log, which is never changed. Leave out names and addresses."
        ),
        error_messages={"required": gettext_lazy("Say why.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


# Undoing has a form of its own, beside what it undoes.
ACTS = [choice for choice in Sweep.Act.choices if choice[0] != Sweep.Act.UNDO]


class SweepForm(NoteForm):
    act = forms.ChoiceField(choices=ACTS, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason to invalidate"),
        required=False,
        choices=lambda: [("", _("Choose a reason")), *Invalidation.Reason.choices],
        help_text=gettext_lazy("The public page on how signatures were counted tells it."),
    )
    field_order = ("reason", "note")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("act") == Sweep.Act.INVALIDATE and not data.get("reason"):
            self.add_error("reason", _("Choose a reason."))
        return data
