"""Which signatures are looked at: by what stands in their rows, or by what is alike."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from campaigns.models import Petition
from campaigns.pages.queries import named
from signatures.lifecycle import MAY_COUNT
from signatures.models import Signature, SignatureQuerySet
from translations.dates.inputs import MomentInput
from translations.languages.names import name_of

# As JSON keeps it: by the names of the form's fields, without those left empty.
Chosen = Mapping[str, str]
IN_REVIEW, NOT_IN_REVIEW = "yes", "no"


def petition_choices() -> list[tuple[str, str]]:
    names = [(str(pk), name) for pk, name in named(Petition.objects.with_names()).items()]
    return [("", _("All petitions")), *names]


class FilterForm(forms.Form):
    petition = forms.ChoiceField(label=gettext_lazy("Petition"), required=False)
    since = forms.DateTimeField(
        label=gettext_lazy("Sent from"), required=False, widget=MomentInput()
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Sent until"), required=False, widget=MomentInput()
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=lambda: [("", _("any")), *Signature.Status.choices],
    )
    in_review = forms.ChoiceField(
        label=gettext_lazy("Held for review"),
        required=False,
        choices=lambda: [
            ("", _("held or not")),
            (IN_REVIEW, _("held")),
            (NOT_IN_REVIEW, _("not held")),
        ],
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        choices=lambda: [("", _("any")), *countries],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=lambda: [
            ("", _("any")),
            *((code, name_of(code)) for code, _name in settings.LANGUAGES),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["petition"]
        choices.choices = petition_choices()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until <= since:
            raise ValidationError({"until": _("Choose a time that is later than the first one.")})
        return data

    def chosen(self, now: datetime) -> dict[str, str]:
        """With an end, so that nothing joins that came after it was looked at."""
        data = {name: value for name, value in self.cleaned_data.items() if value}
        until = data.get("until") or now
        moments = {name: data[name].isoformat() for name in ("since",) if name in data}
        return {**data, **moments, "until": until.isoformat()}


def rows(chosen: Chosen) -> SignatureQuerySet:
    found = scope(chosen)
    if since := chosen.get("since"):
        found = found.filter(asked_at__gte=datetime.fromisoformat(since))
    if until := chosen.get("until"):
        found = found.filter(asked_at__lt=datetime.fromisoformat(until))
    if in_review := chosen.get("in_review"):
        found = found.filter(held_at__isnull=in_review == NOT_IN_REVIEW)
    named_alike = {
        name: chosen[name] for name in ("status", "country", "language") if name in chosen
    }
    return found.filter(**named_alike)


def scope(chosen: Chosen) -> SignatureQuerySet:
    """All of the petition that was chosen, or of the site."""
    found = Signature.objects.all()
    return found.filter(petition=UUID(chosen["petition"])) if "petition" in chosen else found


def covers_everything(chosen: Chosen, found: int, now: datetime) -> bool:
    """Whether so many are all that count or may come to, as far as they were there by now."""
    return 0 < scope(chosen).filter(MAY_COUNT, asked_at__lt=now).count() <= found


def in_words(chosen: Chosen) -> Iterator[tuple[str, str]]:
    """Label and value of all that was chosen."""
    form = FilterForm()
    for name, field in form.fields.items():
        if value := chosen.get(name):
            options = dict(getattr(field, "choices", ()))
            yield str(field.label), str(options.get(value) or moment(value))


def moment(value: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
