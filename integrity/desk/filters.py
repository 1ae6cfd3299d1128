"""Which signatures are looked at: by what stands in their rows, or by what is alike."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Petition
from campaigns.pages.queries import named
from integrity.models import Wave
from integrity.pairs import beside_another
from signatures.lifecycle import MAY_COUNT
from signatures.mailboxes import LARGE_PROVIDERS
from signatures.models import Signature, SignatureQuerySet, Submission, SubmissionQuerySet
from signatures.tallies import totals
from translations.dates.inputs import MomentInput
from translations.languages.countries import countries
from translations.languages.names import name_of

# As JSON keeps it: by the names of the form's fields, without those left empty.
Chosen = Mapping[str, str]
IN_REVIEW, NOT_IN_REVIEW = "yes", "no"
OWN_COLUMNS = ("status", "country", "language")
DISPOSABLE = "disposable"
KEPT_A_WEEK = gettext_lazy("Known of signatures of the last seven days only.")
PAIRS = "pairs"
# The number of a closed round stands, whatever is done to its signatures. Who is in review still is
# found, to be released: then they are asked to sign in the round that goes on.
IS_FOUND = Q(round=None) | Q(held_at__isnull=False)
SPELLINGS = {
    "is_tagged": gettext_lazy("with a +tag"),
    "is_dotted": gettext_lazy("with dots that its provider ignores"),
    PAIRS: gettext_lazy("maybe one person’s twice: a shared mailbox, or two spellings of one"),
}
# What of a signature's sending others are found by.
LIKE_BY = {
    "network": gettext_lazy("network, on the same day"),
    "domain_key": gettext_lazy("mail domain, on the same day"),
    "reader_key": gettext_lazy("mailbox, however spelled"),
}


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
        choices=lambda: [("", _("all")), *Signature.Status.choices],
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
        choices=lambda: [("", _("all")), *countries],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=lambda: [
            ("", _("all")),
            *((code, name_of(code)) for code, _name in settings.LANGUAGES),
        ],
    )

    wave = forms.ModelChoiceField(
        label=gettext_lazy("Wave"),
        queryset=Wave.objects.all(),
        required=False,
        widget=forms.HiddenInput,
    )
    domain = forms.ChoiceField(
        label=gettext_lazy("Mail domain"),
        required=False,
        choices=lambda: [
            ("", _("all")),
            (DISPOSABLE, _("from throwaway mailboxes")),
            *((domain, domain) for domain in LARGE_PROVIDERS),
        ],
        help_text=KEPT_A_WEEK,
    )
    spelling = forms.ChoiceField(
        label=gettext_lazy("Mailbox"),
        required=False,
        choices=lambda: [("", _("all")), *SPELLINGS.items()],
        help_text=KEPT_A_WEEK,
    )
    like = forms.UUIDField(
        label=gettext_lazy("Record number of a signature"),
        required=False,
        error_messages={"invalid": gettext_lazy("This is not a record number.")},
    )
    like_by = forms.ChoiceField(
        label=gettext_lazy("Alike in"),
        required=False,
        choices=lambda: [("", _("nothing")), *LIKE_BY.items()],
        help_text=KEPT_A_WEEK,
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
        if bool(data.get("like")) != bool(data.get("like_by")) and "like" not in self.errors:
            message = _("Write a record number and choose what is alike, or neither.")
            raise ValidationError({"like": message})
        return data

    def chosen(self, now: datetime) -> dict[str, str]:
        """With an end, so that nothing joins that came after it was looked at."""
        data = {name: value for name, value in self.cleaned_data.items() if value}
        until = data.get("until") or now
        moments = {"until": until, **({"since": data["since"]} if "since" in data else {})}
        texts = {name: str(getattr(value, "pk", value)) for name, value in data.items()}
        return {**texts, **{name: each.isoformat() for name, each in moments.items()}}


def rows(chosen: Chosen) -> SignatureQuerySet:
    found = scope(chosen).filter(IS_FOUND)
    if since := chosen.get("since"):
        found = found.filter(asked_at__gte=datetime.fromisoformat(since))
    if until := chosen.get("until"):
        found = found.filter(asked_at__lt=datetime.fromisoformat(until))
    if in_review := chosen.get("in_review"):
        found = found.filter(held_at__isnull=in_review == NOT_IN_REVIEW)
    found = found.filter(**{name: chosen[name] for name in OWN_COLUMNS if name in chosen})
    if chosen.get("spelling") == PAIRS:
        found = beside_another(found)
    if wave := chosen.get("wave"):
        found = found.filter(pk__in=Wave.objects.get(pk=wave).signatures().values("pk"))
    if sent := sent_by(chosen):
        found = found.filter(pk__in=made_by_sending().filter(sent).values("signature"))
    return found


def made_by_sending() -> SubmissionQuerySet:
    """Not what strangers sent with the address of somebody who had signed."""
    return Submission.objects.that_made_it()


def sent_by(chosen: Chosen) -> Q:
    """What is known for a week of how a signature was sent."""
    found = Q()
    if domain := chosen.get("domain"):
        found &= Q(is_disposable=True) if domain == DISPOSABLE else Q(domain=domain)
    spelling = chosen.get("spelling")
    if spelling and spelling != PAIRS:
        found &= Q(**{spelling: True})
    if like_by := chosen.get("like_by"):
        like = made_by_sending().filter(signature=UUID(chosen["like"])).exclude(**{like_by: ""})
        found &= Q(**{f"{like_by}__in": like.values(like_by)})
    return found


def scope(chosen: Chosen) -> SignatureQuerySet:
    """All of the petition that was chosen, or of the site."""
    found = Signature.objects.all()
    return found.filter(petition=UUID(chosen["petition"])) if "petition" in chosen else found


def is_of_everybody(chosen: Chosen) -> bool:
    """Whether it is a wave that says only that many signed, people among them."""
    is_of_wave = "wave" in chosen
    return is_of_wave and Wave.objects.filter(pk=chosen["wave"], what=Wave.What.ALL).exists()


def covers_everything(chosen: Chosen, found: int, now: datetime) -> bool:
    """Whether so many are all that count or may come to, as far as they were there by now."""
    # Most often fewer than what counts alone, which is added up already.
    if not found or found < counted(chosen):
        return False
    return scope(chosen).filter(MAY_COUNT, asked_at__lt=now).count() <= found


def counted(chosen: Chosen) -> int:
    found = totals([UUID(chosen["petition"])] if "petition" in chosen else None)
    return sum(each.signatures for each in found.values())


def in_words(chosen: Chosen) -> Iterator[tuple[str, str]]:
    """Label and value of all that was chosen."""
    form = FilterForm()
    for name, field in form.fields.items():
        if value := chosen.get(name):
            options = dict(getattr(field, "choices", ())) if name != "wave" else {}
            yield str(field.label), str(options.get(value) or as_text(name, value))


def as_text(name: str, value: str) -> str:
    if name == "wave":
        wave = Wave.objects.filter(pk=value).first()
        return told(wave) if wave else "–"
    return moment(value) if name in ("since", "until") else value


def told(wave: Wave) -> str:
    """What it shares; by which keyed hash says nothing to anybody."""
    what = wave.get_what_display()
    if wave.what == Wave.What.COUNTRY:
        return f"{what}: {countries.name(wave.trait)}"
    return str(what)


def moment(value: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
