"""The log-in form, and how long to wait where too much was tried."""

import math
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms.auth import LoginForm

from accounts.log_in import LONGEST_NAME
from accounts.passwords import LONGEST


def minutes(seconds: float) -> int:
    return max(1, math.ceil(seconds / 60))


def too_many_passwords(seconds: float) -> str:
    return ngettext(
        "Too many passwords were tried: please try again in %(minutes)d minute, or have a link "
        "for a new password emailed to you.",
        "Too many passwords were tried: please try again in %(minutes)d minutes, or have a link "
        "for a new password emailed to you.",
        minutes(seconds),
    ) % {"minutes": minutes(seconds)}


def too_many_codes(seconds: float) -> str:
    return ngettext(
        "Too many codes were tried: please try again in %(minutes)d minute.",
        "Too many codes were tried: please try again in %(minutes)d minutes.",
        minutes(seconds),
    ) % {"minutes": minutes(seconds)}


def not_right() -> str:
    return _("This was not right, or was used already. Please try again.")


def too_many_mails(seconds: float) -> str:
    return ngettext(
        "Too many links were asked for: please ask again in %(minutes)d minute.",
        "Too many links were asked for: please ask again in %(minutes)d minutes.",
        minutes(seconds),
    ) % {"minutes": minutes(seconds)}


def wait_of(request: HttpRequest | None) -> float:
    """Seconds until the next password may be tried; 0 where the last one was looked at."""
    return float(getattr(request, "log_in_wait", 0))


class LogInForm(LoginForm):
    """Wagtail's, for emails too, with a longest password and an answer to those who must wait."""

    error_messages: ClassVar[dict[str, Any]] = {
        **LoginForm.error_messages,
        "invalid_login": gettext_lazy(
            "This username or email and this password do not match. Please try again."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = gettext_lazy("Username or email")
        name.widget.attrs |= {"maxlength": LONGEST_NAME, "autocomplete": "username"}
        del name.widget.attrs["placeholder"]
        # Wagtail gives it none, so that Django would make one of the field's name, in English.
        self.fields["password"].label = gettext_lazy("Password")
        self.fields["password"].widget.attrs["maxlength"] = LONGEST

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if len(password) > LONGEST:
            raise ValidationError(
                _("A password has at most %(longest)d characters."), params={"longest": LONGEST}
            )
        return password

    def get_invalid_login_error(self) -> ValidationError:
        if wait := wait_of(self.request):
            return ValidationError(too_many_passwords(wait), code="too_many")
        return super().get_invalid_login_error()
