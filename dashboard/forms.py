"""What an action on many petitions asks for."""

from datetime import UTC
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import PetitionEvent, TieEvent
from campaigns.publishing.bulk import Action, BulkChange
from translations.languages import names as languages

OUR_OWN = {f"petition:{kind}" for kind in PetitionEvent.OUR_OWN}


def event_choices() -> list[Any]:
    ties = [(f"tie:{value}", label) for value, label in TieEvent.Kind.choices]
    petitions = [(f"petition:{value}", label) for value, label in PetitionEvent.Kind.choices]
    return [(_("The tie"), ties), (_("The petition"), petitions)]


class ChangeForm(forms.Form):
    """Only what the action asks for."""

    moment = forms.DateTimeField(
        label=gettext_lazy("Closing time"),
        required=False,
        help_text=gettext_lazy("In each petition’s own time zone. Left empty: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Or so many days more"), required=False, min_value=1, max_value=3650
    )
    goal = forms.IntegerField(
        label=gettext_lazy("Goal"),
        required=False,
        min_value=1,
        max_value=100_000_000,
        help_text=gettext_lazy("Left empty, the goal steps up by itself."),
    )
    what = forms.ChoiceField(label=gettext_lazy("What happened"), choices=event_choices)
    date = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source_title = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)
    source_language = forms.ChoiceField(
        label=gettext_lazy("Language of the source"),
        choices=languages.choices,
        initial=settings.LANGUAGE_CODE,
        required=False,
    )
    source_publisher = forms.CharField(
        label=gettext_lazy("Publisher"), max_length=200, required=False
    )
    source_url = forms.URLField(
        label=gettext_lazy("Address"), max_length=500, required=False, assume_scheme="https"
    )
    archived_url = forms.URLField(
        label=gettext_lazy("Archived copy"), max_length=500, required=False, assume_scheme="https"
    )
    EVENT_FIELDS = (
        "what",
        "date",
        "source_title",
        "source_language",
        "source_publisher",
        "source_url",
        "archived_url",
    )
    FIELDS = {
        Action.CLOSE: ("moment",),
        Action.EXTEND: ("moment", "days"),
        Action.GOAL: ("goal",),
        Action.EVENT: EVENT_FIELDS,
    }

    def __init__(self, action: Action, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        for name in set(self.fields) - set(self.FIELDS.get(action, ())):
            del self.fields[name]
        if action == Action.EXTEND:
            self.fields["moment"].help_text = _("In each petition’s own time zone.")

    def _clean_fields(self) -> None:
        """The moment is meant in each petition's time zone, not in that of whoever writes it."""
        with timezone.override(UTC):
            super()._clean_fields()  # type: ignore[misc]

    def clean_source_language(self) -> str:
        language = self.cleaned_data["source_language"] or settings.LANGUAGE_CODE
        languages.validate_language(self.cleaned_data.get("source_title", ""), language)
        return str(language)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        given = [name for name in ("moment", "days") if data.get(name) is not None]
        if self.action == Action.EXTEND and len(given) != 1 and not self.errors:
            raise forms.ValidationError(_("Give a new closing time, or a number of days."))
        unsourced = not (data.get("source_title") and data.get("source_publisher"))
        if self.action == Action.EVENT and unsourced and data.get("what") not in OUR_OWN:
            raise forms.ValidationError(
                _("Name the source and its publisher: only what we did ourselves goes without.")
            )
        return data

    def change(self) -> BulkChange:
        moment = self.cleaned_data.get("moment")
        return BulkChange(
            self.action,
            moment.replace(tzinfo=None) if moment else None,
            self.cleaned_data.get("days"),
            self.cleaned_data.get("goal"),
            {name: self.cleaned_data[name] for name in self.fields if name in self.EVENT_FIELDS},
        )
