"""What may be written into the form."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.models import PetitionPageBase
from campaigns.pages.city_rows import HomeCity, ShownName
from campaigns.records.form_shape import FormShape
from campaigns.records.text_versions import SignedText
from signatures.form import answers
from signatures.form.form_fields import CleanCharField, field_for
from signatures.form.mailbox_form import MailboxForm
from signatures.form.names import refuse_what_is_no_name
from signatures.signing.sign import SignatureInput
from translations.languages.countries import countries

# Around the world, postcodes are written so.
POSTCODE = re.compile(r"[\w -]*")


def refuse_invalid_postcode(text: str) -> None:
    if not POSTCODE.fullmatch(text):
        raise ValidationError(
            _("A ZIP or postal code has letters, digits, spaces and hyphens only."), code="invalid"
        )


EVERYTHING = FormShape()


@cache
def country_options(language: str) -> list[tuple[str, SafeString]]:
    """The code and the rendered option of every country, in the order of a language."""
    return [
        (code, format_html('<option value="{}">{}</option>', code, name))
        for code, name in [("", _("Choose a country")), *countries]
    ]


class CountrySelect(forms.Select):
    """Django renders a template for each of 250 options, which took a third of a page's time."""

    def render(
        self,
        name: str,
        value: object,
        attrs: Mapping[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        options = country_options(get_language() or "")
        chosen = next((html for code, html in options if code == value), "")
        plain = mark_safe("\n".join(html for _code, html in options))  # noqa: S308
        selected = chosen.replace("<option", "<option selected", 1)
        return format_html(
            "<select{}>{}</select>",
            flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})})),
            mark_safe(plain.replace(chosen, selected, 1)) if chosen else plain,  # noqa: S308
        )


@cache
def country_codes() -> frozenset[str]:
    return frozenset(code for code, _name in countries)


class CountryChoiceField(forms.ChoiceField):
    """Django would go through the names of all countries, in the reader's language."""

    def valid_value(self, value: str) -> bool:
        return value in country_codes()


class CitySelect(forms.Select):
    """The same of hundreds of cities, each by its name."""

    def render(
        self,
        name: str,
        value: object,
        attrs: Mapping[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        options = format_html_join(
            "\n",
            '<option value="{}"{}{}>{}</option>',
            (
                (key, SELECTED if key == value else "", foreign(label), label)
                for key, label in self.choices
            ),
        )
        own = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", own, options)


SELECTED = mark_safe(" selected")


def foreign(label: object) -> str:
    """The language of a name that is not in the page's, as an attribute."""
    if not isinstance(label, ShownName) or label.language == get_language():
        return ""
    return format_html(' lang="{}"', label.language)


class HomeCityField(forms.ChoiceField):
    """Is asked by a city's key, and gives its id."""

    def offer(self, cities: Iterable[HomeCity]) -> None:
        known = [(city.key, city.name) for city in cities]
        self.choices = [("", _("Choose if you live in one of these cities")), *known]
        self.ids = {city.key: city.pk for city in cities}

    def clean(self, value: object) -> int | None:
        return self.ids.get(super().clean(value))


class SignForm(MailboxForm):
    name = CleanCharField(
        label=_("Name"),
        max_length=100,
        validators=[refuse_what_is_no_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please write your name.")},
    )
    country = CountryChoiceField(
        label=_("Country"),
        choices=lambda: [("", _("Choose a country")), *countries],
        widget=CountrySelect(attrs={"autocomplete": "country"}),
        error_messages={
            "required": _("Please choose your country."),
            "invalid_choice": _("Please choose a country from the list."),
        },
    )
    postcode = CleanCharField(
        label=_("ZIP or postal code"),
        max_length=20,
        required=False,
        validators=[refuse_invalid_postcode],
        help_text=_("We keep its first three characters."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    lives_here = forms.BooleanField(label=_("I live in this city"), required=False)
    home_city = HomeCityField(
        label=_("City where you live"),
        required=False,
        widget=CitySelect,
        error_messages={"invalid_choice": _("Please choose a city from the list, or none.")},
    )
    comment = CleanCharField(
        label=_("Comment"),
        max_length=500,
        required=False,
        help_text=_("Shown once a moderator has read it, and only if you let us show your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    show_name = forms.BooleanField(
        label=_("Show my name and comment on this page"),
        required=False,
        help_text=_("Shown once a moderator has read them."),
    )
    consent = forms.BooleanField(
        error_messages={"required": _("Without your consent we may not keep your signature.")}
    )
    discreet = forms.BooleanField(label=_("Turn on safety mode"), required=False)
    version = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    field_order = ("name", "email")

    def __init__(
        self,
        *args: Any,
        with_city: bool,
        cities: Sequence[HomeCity] = (),
        consent_text: str = "",
        shape: FormShape = EVERYTHING,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "sign-%s", **kwargs})
        self.fields["consent"].label = consent_text
        if not with_city:
            del self.fields["lives_here"]
        if cities:
            home: Any = self.fields["home_city"]
            home.offer(cities)
        else:
            del self.fields["home_city"]
        self._follow(shape)
        # The server checks and explains in the page's language; a browser would in its own.
        self.use_required_attribute = False

    @classmethod
    def of(
        cls,
        page: PetitionPageBase,
        words: SignedText,
        shape: FormShape,
        data: Mapping[str, object] | None = None,
    ) -> "SignForm":
        return cls(
            data,
            with_city=bool(page.petition.tie_id),
            cities=() if page.petition.tie_id else page.campaign.home_cities(),
            consent_text=words.consent,
            shape=shape,
            initial={"version": words.checksum},
        )

    def _follow(self, shape: FormShape) -> None:
        """Leaves out and adds what the campaign's editors chose."""
        self.questions = shape.questions
        if "show_name" in shape.left_out:
            self.fields["comment"].help_text = _("Only the campaign’s organizers read it.")
        # Both ask the same, of a city and of a campaign.
        more = {"home_city"} if "lives_here" in shape.left_out else set()
        for name in (shape.left_out | more) & self.fields.keys():
            del self.fields[name]
        for name, text in shape.help_texts.items():
            if text and name in self.fields:
                self.fields[name].help_text = text
        for question in shape.questions:
            self.fields[answers.PREFIX + question.key] = field_for(question)
        # Asked before the choices, so told before them in the list of errors.
        last = ("show_name", "consent", "discreet")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    @property
    def question_fields(self) -> list[BoundField]:
        return [self[answers.PREFIX + question.key] for question in self.questions]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_discreet(self) -> bool:
        """Nobody is asked to guess which of two wishes counts."""
        if self.cleaned_data["discreet"] and self.cleaned_data.get("show_name"):
            raise ValidationError(
                _("In safety mode your name is never shown. Please untick one of the two boxes."),
                code="public",
            )
        return bool(self.cleaned_data["discreet"])

    def entry(self, language: str) -> SignatureInput:
        data = self.cleaned_data
        return SignatureInput(
            name=data["name"],
            mailbox=data["email"],
            country=data["country"],
            language=language,
            postcode=data.get("postcode", ""),
            lives_here=data.get("lives_here"),
            home_city=data.get("home_city"),
            comment=data.get("comment", "").strip(),
            show_name=data.get("show_name", False),
            discreet=data["discreet"],
            answers=answers.given(self.questions, data),
        )


class CodeForm(forms.Form):
    code = CleanCharField(
        label=_("Six-digit code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Please type the six digits from the email.")},
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if len(code) != 6 or not code.isascii() or not code.isdigit():
            raise ValidationError(_("The code has six digits."))
        return code
