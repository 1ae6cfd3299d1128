"""Asks for an email address, and lets programs fall into a trap."""

from copy import copy
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError

from signatures.form.form_fields import CleanCharField
from signatures.mailboxes import Mailbox, likely_meant, parse

# Of what is sent, all that is about the address alone.
OF_ADDRESS = ("email", "email_asked", "nothing")


class MailboxForm(forms.Form):
    email = CleanCharField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Please write your email address.")},
    )
    # A domain that looks mistyped is asked about once: this holds the address that was chosen then.
    email_asked = forms.CharField(max_length=254, required=False, widget=forms.HiddenInput)
    # People don't see it; programs fill it. No browser knows what to fill in by that name.
    nothing = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    # What is asked for instead of an address that looks mistyped.
    meant = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By the names of fields that may stay empty: what an empty one is read as.
        self.empty: dict[str, object] = {}

    def filled(self, data: QueryDict) -> Self:
        """The same form with what somebody sent; the fields, which nobody changes, are shared."""
        found = copy(self)
        found.is_bound, found.data = True, data
        # What Django finds out of one person's form.
        found._errors = None  # type: ignore[attr-defined]
        found._bound_fields_cache = {}  # type: ignore[attr-defined]
        return found

    def _clean_fields(self) -> None:
        """As Django does it, but nothing is made of a field that only a template shows."""
        for name, field in self.fields.items():
            try:
                sent = field.widget.value_from_datadict(self.data, self.files, name)
                self.cleaned_data[name] = self._read(name, field, sent)
                if clean := getattr(self, f"clean_{name}", None):
                    self.cleaned_data[name] = clean()
            except ValidationError as error:
                self.add_error(name, error)

    def _read(self, name: str, field: forms.Field, sent: object) -> object:
        """Most fields are empty in most forms, and read as the same in each of them."""
        if sent or field.required:
            return field.clean(sent)
        if name not in self.empty:
            self.empty[name] = field.clean(sent)
        return self.empty[name]

    def put(self, name: str, value: str) -> None:
        """Changes one value of those that the form shows again."""
        data: Any = self.data
        self.data = data.copy()
        self.data[name] = value  # type: ignore[index]

    def clean_nothing(self) -> str:
        """A person whose browser filled the trap sends again, with it emptied; nobody is lost."""
        if self.cleaned_data["nothing"]:
            self.put("nothing", "")
            raise ValidationError(
                _("A hidden field was filled in, which programs do. Please send it once more."),
                code="trap",
            )
        return ""

    def clean_email(self) -> Mailbox:
        """Read once, for the row, the mail and the ticket."""
        email = self.chosen_email()
        try:
            mailbox = parse(email)
        except EmailNotValidError:
            raise ValidationError(
                _("This is not an email address. It should look like name@example.org."),
                code="invalid",
            ) from None
        meant = likely_meant(email)
        if meant and self.data.get("email_asked") != email:
            self.meant = meant
            raise ValidationError(
                _("Did you mean %(meant)s?"), code="questioned", params={"meant": meant}
            )
        return mailbox

    def chosen_email(self) -> str:
        """The address that was typed or, of the two asked about, the one whose button was pressed.

        Raises: ValidationError.
        """
        choice = self.data.get("email_choice")
        if not choice:
            return str(self.cleaned_data["email"])
        email: str = self.fields["email"].clean(choice)
        for name in ("email", "email_asked"):
            self.put(name, email)
        return email


class AddressForm(MailboxForm):
    """Asks for nothing else."""

    about_email: Any = ""
    # The server checks and explains in the page's language; a browser would in its own.
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = self.about_email


class LinksForm(AddressForm):
    """Whose links are to be mailed."""

    about_email = _("The one you signed with.")


class ChangeForm(AddressForm):
    """Another mailbox for what was typed."""

    about_email = _("Everything else stays as you typed it.")
