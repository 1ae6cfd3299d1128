"""What a recipient writes, and what the staff decide about it."""

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.models import Answer, PetitionEvent
from campaigns.records.answers import LONGEST
from library.cleaning import clean_scan
from security import audit
from signatures.form.form_fields import CleanCharField
from signatures.mailboxes import parse
from translations.languages import names


def refuse_other_letters(text: str, language: str) -> None:
    """Raises: ValidationError, where a text is in other letters than its language's."""
    if text and language:
        names.validate_language(text, language)


class AnswerForm(forms.Form):
    # The server checks and explains in the page's language; a browser would in its own.
    use_required_attribute = False

    signed_as = CleanCharField(
        label=gettext_lazy("Who answers"),
        max_length=200,
        help_text=gettext_lazy("Name and office, as everybody will read them."),
        error_messages={"required": gettext_lazy("Please write who answers.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the answer"), choices=names.choices
    )
    text = CleanCharField(
        label=gettext_lazy("Your answer"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    scan = forms.FileField(
        label=gettext_lazy("Or a scanned letter"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("A PDF of up to 20 MB, or a picture of up to 8 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["language"] = get_language()

    def clean_scan(self) -> File | None:
        """Without what tells where, when and with what it was made."""
        file = self.cleaned_data["scan"]
        return clean_scan(file) if file else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("text") or data.get("scan")):
            self.add_error("text", _("Please write your answer, or choose a file with it."))
        try:
            refuse_other_letters(data.get("text", ""), data.get("language", ""))
        except ValidationError as error:
            self.add_error("language", error)
        return data


class PublishForm(forms.Form):
    date = forms.DateField(
        label=gettext_lazy("Date of the answer"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    text = CleanCharField(
        label=gettext_lazy("What the scan says"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("All of it, word for word, for those who cannot read a picture."),
    )
    is_scan_public = forms.BooleanField(
        label=gettext_lazy("Show the scan, too"),
        required=False,
        help_text=gettext_lazy("Only if it holds nothing private, such as a phone number."),
    )

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        self.initial["date"] = answer.petition.local_time(answer.received_at).date()
        if answer.text:
            del self.fields["text"]
        if not answer.scan:
            del self.fields["is_scan_public"]

    def clean_date(self) -> datetime.date:
        found: datetime.date = self.cleaned_data["date"]
        day = self.answer.delivery.day
        if day and found < day:
            raise ValidationError(_("The petition was delivered later than that."))
        # What holds for every step of a petition.
        try:
            replied(self.answer, found).clean()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return found


def replied(answer: Answer, day: datetime.date) -> PetitionEvent:
    """The step of the timeline that an answer is."""
    return PetitionEvent(
        petition=answer.petition,
        kind=PetitionEvent.Kind.REPLIED,
        date=day,
        source_title=answer.signed_as,
        source_language=answer.language,
        source_publisher=answer.delivery.recipient or answer.signed_as,
    )


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is not published"),
        max_length=300,
        validators=[audit.refuse_addresses],
        help_text=gettext_lazy("For the log. The answer and its scan are deleted."),
    )


class TranslationForm(forms.Form):
    """An answer's words in one more language."""

    text = CleanCharField(
        max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 12})
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix = self.language = language
        self.fields["text"].label = names.name_of(language)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        refuse_other_letters(text, self.language)
        return text


class LinkForm(forms.Form):
    email = forms.CharField(
        label=gettext_lazy("Email address of the recipient"),
        max_length=254,
        widget=forms.EmailInput,
        help_text=gettext_lazy(
            "Whoever reads its mail can answer. Take it from the office’s own page."
        ),
    )

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the email"), choices=lambda: settings.LANGUAGES
    )

    def clean_email(self) -> str:
        try:
            return parse(self.cleaned_data["email"]).address
        except ValueError:
            raise ValidationError(
                _("This is not an email address. It should look like name@example.org.")
            ) from None
