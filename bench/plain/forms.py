"""The form of a plain page: the fields of ours, as Django renders them."""

from typing import Any

from django import forms

from signatures.form.sign_form import CountrySelect
from translations.languages.countries import countries


class PlainForm(forms.Form):
    name = forms.CharField(max_length=100)
    email = forms.EmailField()
    # Django's own takes a template for each of 250 options. That would flatter us.
    country = forms.ChoiceField(choices=lambda: list(countries), widget=CountrySelect)
    postcode = forms.CharField(
        max_length=20, required=False, help_text="We keep its first three characters."
    )
    lives_here = forms.BooleanField(label="I live in this city", required=False)
    comment = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Shown once a moderator has read it.",
    )
    show_name = forms.BooleanField(
        label="Show my name and comment on this page",
        required=False,
        help_text="Shown once a moderator has read them.",
    )
    consent = forms.BooleanField()
    discreet = forms.BooleanField(label="Turn on safety mode", required=False)
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    # What nobody sees and only programs fill in.
    nothing = forms.CharField(required=False)

    def __init__(self, *args: Any, consent: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = consent
