"""Fields for the cells of a table: each reads its text, or says in a sentence what is wrong."""

import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Self, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator, validate_email
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import City, Tie
from campaigns.records.petitions import validate_time_zone
from campaigns.tables.writing import is_formula
from launches.rows import slug_of
from security.printable import printable_line
from translations.languages.names import choices

# Of a cell whose text is stored nowhere as it stands.
LONGEST = 40


def refuse_formula(text: str) -> None:
    if is_formula(text):
        raise ValidationError(_("looks like a formula"))


class TextCell(forms.CharField):
    """A text of one line. What is read of it, a subclass says."""

    default_error_messages = {
        "required": _("is empty"),
        "max_length": _("is longer than %(limit_value)s characters"),
    }
    default_validators = [refuse_formula]

    def __init__(
        self,
        of: tuple[type[models.Model], str] | None = None,
        *,
        required: bool = False,
    ) -> None:
        """`of` is the model and its field whose room in the database the text has."""
        room = cast("models.CharField[Any, Any]", of[0]._meta.get_field(of[1])) if of else None
        super().__init__(
            max_length=room.max_length if room else LONGEST,
            required=required,
        )

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Itself: it knows nothing of its row, and two thousand rows of copies take seconds."""
        return self

    def to_python(self, value: str | None) -> str:
        return printable_line(value or "").strip()

    def clean(self, value: str | None) -> object:
        return self.read(super().clean(value))

    def read(self, text: str) -> object:
        """Raises: ValidationError."""
        return text


def wrong(message: str, text: str, **params: str) -> ValidationError:
    """Quotes as much of a text as fits into a sentence."""
    return ValidationError(message, params={"value": text[:20], **params})


class PlaceCell(TextCell):
    """Part of a city's key."""

    def read(self, text: str) -> str:
        if not slug_of(text):
            raise ValidationError(_("needs at least one letter"))
        return text


class AddressCell(TextCell):
    is_address = URLValidator(schemes=["http", "https"], message=_("is not a web address"))

    def read(self, text: str) -> str:
        if text:
            self.is_address(text)
        return text


class EmailCell(TextCell):
    def read(self, text: str) -> str:
        try:
            if text:
                validate_email(text)
        except ValidationError:
            raise wrong(gettext("%(value)s is not an email address"), text) from None
        return text


class PhoneCell(TextCell):
    """A number may begin as a formula does."""

    default_validators = [
        RegexValidator(r"^\+?[\d\s().,/x-]*$", _("is no phone number like +1-555-555-0100"))
    ]


class YesCell(TextCell):
    """Whether something is so; left empty, it is not."""

    def read(self, text: str) -> bool:
        if text.casefold() not in ("", "yes", "no"):
            raise wrong(gettext("%(value)s is neither yes nor no"), text)
        return text.casefold() == "yes"


class YearCell(TextCell):
    def read(self, text: str) -> int | None:
        if not text:
            return None
        if text.isascii() and text.isdigit() and 1900 <= int(text[:5]) <= 2100:
            return int(text)
        raise wrong(gettext("%(value)s is not a year"), text)


class DayCell(TextCell):
    """A day, in the form that `read_table` gives to all that people write."""

    def read(self, text: str) -> datetime.date | None:
        if not text:
            return None
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise wrong(gettext("%(value)s is not a date like 2022-06-04"), text) from None


class StatusCell(TextCell):
    def read(self, text: str) -> Tie.Status:
        try:
            return Tie.Status(text.casefold())
        except ValueError:
            known = ", ".join(Tie.Status.values)
            raise wrong(gettext("%(value)s is none of %(known)s"), text, known=known) from None


class LanguageCell(TextCell):
    def read(self, text: str) -> str:
        if text and text not in dict(choices()):
            raise wrong(gettext("%(value)s is no known language"), text)
        return text or settings.LANGUAGE_CODE


class DegreesCell(TextCell):
    """With as many digits as the database keeps; some countries write a decimal comma."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.kept = cast("models.DecimalField[Any, Any]", City._meta.get_field(name))

    def read(self, text: str) -> str:
        if not text:
            return ""
        try:
            number = Decimal(text.replace(",", "."))
            if not number.is_finite():
                raise InvalidOperation
            return str(self.kept.clean(round(number, self.kept.decimal_places), None))
        except (InvalidOperation, ValidationError):
            raise wrong(gettext("%(value)s is no number of degrees like 45.5152"), text) from None


class TimeZoneCell(TextCell):
    def read(self, text: str) -> str:
        try:
            if text:
                validate_time_zone(text)
        except ValidationError:
            raise wrong(gettext("%(value)s is no time zone like America/New_York"), text) from None
        return text
