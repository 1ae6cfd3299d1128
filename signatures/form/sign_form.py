"""What may be written into the form."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import PetitionPageBase
from campaigns.pages.city_rows import HomeCity, ShownName
from campaigns.records.form_shape import FormShape
from campaigns.records.text_versions import SignedText
from campaigns.templatetags.languages import with_names
from signatures.form import answers
from signatures.form.form_fields import CleanCharField
from signatures.form.mailbox_form import OF_ADDRESS, MailboxForm
from signatures.form.names import refuse_what_is_no_name
from signatures.form.optional import OPTIONAL, OptionalForm
from signatures.signing.sign import SignatureInput
from translations.languages.countries import countries

EVERYTHING = FormShape()
# More than campaigns ask for, in all languages.
MOST_ORDERS = 100


@lru_cache(MOST_ORDERS)
def country_options(language: str, first: tuple[str, ...]) -> list[tuple[str, SafeString]]:
    """The code and the rendered option of every country, in the order of a language."""
    option = '<option value="{}">{}</option>'
    names = dict(countries)
    before = [code for code in first if code in names]
    order = [*before, *(code for code in names if code not in before)]
    found = [(code, format_html(option, code, names[code])) for code in order]
    if before:
        found.insert(len(before), ("-", mark_safe("<hr>")))
    return [("", format_html(option, "", _("Choose a country"))), *found]


class CountrySelect(forms.Select):
    """Django renders a template for each of 250 options, which took a third of a page's time."""

    # Codes of those that come before all others.
    first: tuple[str, ...] = ()

    def render(
        self,
        name: str,
        value: object,
        attrs: Mapping[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        options = country_options(get_language() or "", self.first)
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


def in_this_city(page: PetitionPageBase) -> SafeString:
    in_city = page.forms["in_city"]
    return with_names(gettext("I live %(in_city)s") % {"in_city": in_city}, page)


class SignForm(OptionalForm, MailboxForm):
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
    lives_here = forms.BooleanField(required=False)
    home_city = HomeCityField(
        label=_("City where you live"),
        required=False,
        widget=CitySelect,
        error_messages={"invalid_choice": _("Please choose a city from the list, or none.")},
    )
    consent = forms.BooleanField(
        error_messages={"required": _("Without your consent we may not keep your signature.")}
    )
    discreet = forms.BooleanField(label=_("Turn on safety mode"), required=False)
    version = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    field_order = ("name", "email", "country", "lives_here", "home_city")

    def __init__(
        self,
        *args: Any,
        lives_here: str = "",
        cities: Sequence[HomeCity] = (),
        consent: tuple[str, str] = ("", ""),
        shape: FormShape = EVERYTHING,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "sign-%s", **kwargs})
        self.fields["consent"].label, self.consent_in_full = consent
        if lives_here:
            self.fields["lives_here"].label = lives_here
        else:
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
        is_city = bool(page.petition.tie_id)
        return cls(
            data,
            lives_here=in_this_city(page) if is_city else "",
            cities=() if is_city else page.campaign.home_cities(),
            consent=words.consent_parts,
            shape=shape,
            initial={"version": words.checksum},
        )

    def _follow(self, shape: FormShape) -> None:
        self.shape = shape
        country: Any = self.fields["country"]
        country.widget.first = shape.first_countries
        # Both ask the same, of a city and of a campaign.
        more = {"home_city"} if "lives_here" in shape.left_out else set()
        self.follow(FormShape(shape.left_out | more, shape.help_texts), shape.questions)
        # Asked before the choices, so told before them in the list of errors.
        last = ("show_name", "consent", "discreet")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    @property
    def asked(self) -> list[BoundField]:
        """The questions that nobody can sign without."""
        return [self[answers.PREFIX + each.key] for each in self.shape.required]

    @property
    def proposed(self) -> list[BoundField]:
        """What was sent besides, to be shown again with it: the form itself asks for none of it."""
        optional = [answers.PREFIX + each.key for each in self.shape.optional]
        found = [self[name] for name in (*OPTIONAL, *optional) if name in self.fields]
        return [field for field in found if self.is_bound and field.data]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_discreet(self) -> bool:
        """Nobody is asked to guess which of two wishes counts."""
        if self.cleaned_data["discreet"] and self.cleaned_data.get("show_name"):
            raise ValidationError(
                _("In safety mode your name is never shown. Please uncheck one of the two boxes."),
                code="public",
            )
        return bool(self.cleaned_data["discreet"])

    def typed(self) -> dict[str, list[str]]:
        """All that was sent of what it asks, but for the address."""
        data: Any = self.data
        sent = {name: data.getlist(name) for name in self.fields if name not in OF_ADDRESS}
        return {name: values for name, values in sent.items() if any(values)}

    def entry(self, language: str) -> SignatureInput:
        data = self.cleaned_data
        proposal = {
            **{name: data.get(name) for name in OPTIONAL},
            "answers": answers.given(self.shape.optional, data),
        }
        return SignatureInput(
            name=data["name"],
            mailbox=data["email"],
            country=data["country"],
            language=language,
            lives_here=data.get("lives_here"),
            home_city=data.get("home_city"),
            discreet=data["discreet"],
            answers=answers.given(self.shape.required, data),
            proposal={name: each for name, each in proposal.items() if each},
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
