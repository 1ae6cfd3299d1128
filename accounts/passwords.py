"""Passwords that nobody may have."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Of the demo's log-ins; it stands in the README.
DEMO_PASSWORD = "pidpys-demo"
# Longer ones would only make the server work.
LONGEST = 128


class NotTheDemosValidator:
    """Refuses what everybody can read in the documents."""

    def validate(self, password: str, user: object = None) -> None:
        if password == DEMO_PASSWORD:
            raise ValidationError(
                _("This is the demo’s password, which everybody knows: choose another one."),
                code="password_of_the_demo",
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be the demo’s.")


class LongestValidator:
    """Refuses a password that could not be typed at the log-in again."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(
                _("This password is too long: it may have at most %(longest)d characters."),
                code="password_too_long",
                params={"longest": LONGEST},
            )

    def get_help_text(self) -> str:
        return _("Your password may have at most %(longest)d characters.") % {"longest": LONGEST}
