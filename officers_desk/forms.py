"""What officers fill in. A reason goes into the log, which holds nothing of the person."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from email_validator import EmailNotValidError

from campaigns.models import Petition
from campaigns.pages.queries import named
from officers_desk.exports.purposes import PURPOSES
from security.audit import refuse_addresses
from signatures.form.sign_form import SignForm
from signatures.mailboxes import Mailbox, parse
from signatures.models import Signature
from signatures.signing.legal_holds import LONGEST
from translations.languages.names import name_of


class FindForm(forms.Form):
    email = forms.CharField(
        label=gettext_lazy("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "The whole address, as the signer writes it. Upper case does not matter."
        ),
        error_messages={"required": gettext_lazy("Write the address of the signer.")},
    )

    def clean_email(self) -> Mailbox:
        try:
            return parse(self.cleaned_data["email"])
        except EmailNotValidError:
            raise ValidationError(
                _("This is not an email address. It should look like name@example.org.")
            ) from None


class ReasonForm(forms.Form):
    """Asks why, and keeps the person out of the answer."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        validators=[refuse_addresses],
        help_text=gettext_lazy(
            "For the log, which is never changed. Leave out names and addresses; a file number is "
            "enough."
        ),
        error_messages={"required": gettext_lazy("Say why.")},
    )

    def __init__(self, *args: Any, signature: Signature | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signature = signature
        self.use_required_attribute = False
        # Asked last, whatever else a form asks.
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        # A name that is corrected: the old one, and the new one.
        names = [self.signature.name if self.signature else "", self.cleaned_data.get("name", "")]
        if any(name and name.casefold() in reason.casefold() for name in names):
            raise ValidationError(_("The log holds no names: leave out the name of the signer."))
        return reason


class EraseForm(ReasonForm):
    is_sure = forms.BooleanField(
        label=gettext_lazy("Yes, erase this signature and all that is kept of its signer"),
        error_messages={"required": gettext_lazy("Tick the box: erasing cannot be undone.")},
    )


class CorrectForm(ReasonForm):
    name = SignForm.base_fields["name"]
    country = SignForm.base_fields["country"]
    postcode = SignForm.base_fields["postcode"]
    language = forms.ChoiceField(
        label=gettext_lazy("Language of emails"),
        choices=lambda: [(code, name_of(code)) for code, _name in settings.LANGUAGES],
    )
    comment = SignForm.base_fields["comment"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The signer's own fields, in words for whoever writes about somebody else."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # A browser knows of officers themselves.
            field.widget.attrs["autocomplete"] = "off"
        self.fields["name"].error_messages["required"] = _("Write the name of the signer.")
        self.fields["country"].error_messages["required"] = _("Choose the country of the signer.")
        self.fields["comment"].help_text = _(
            "Shown only once a moderator has read it as it stands now, and only beside a name that "
            "is shown."
        )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_postcode(self) -> str:
        return str(self.cleaned_data["postcode"][:3])

    def clean_comment(self) -> str:
        return str(self.cleaned_data["comment"].strip())


class HoldForm(ReasonForm):
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Half a year from now at most; a hold may be placed again."),
    )

    def clean_until(self) -> datetime:
        """The end of that day, where the officer is."""
        day = self.cleaned_data["until"]
        today = timezone.localdate()
        last = today + LONGEST
        if not today <= day <= last:
            raise ValidationError(
                _(
                    "Choose a day from today to %(day)s: a hold lasts half a year at most, and "
                    "may be placed again."
                )
                % {"day": date_format(last)}
            )
        return timezone.make_aware(datetime.combine(day, time.max))


class ExportForm(ReasonForm):
    purpose = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=lambda: [(each.name, each.label) for each in PURPOSES.values()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the file is for.")},
    )
    petition = forms.ModelChoiceField(
        label=gettext_lazy("Petition"),
        queryset=Petition.objects.none(),
        empty_label=gettext_lazy("Choose a petition"),
        help_text=gettext_lazy("A campaign-wide petition is given with all of its cities."),
        error_messages={"required": gettext_lazy("Choose a petition.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["petition"]
        field.queryset = Petition.objects.with_names()
        names = named(field.queryset)
        field.label_from_instance = lambda petition: names[petition.pk]
