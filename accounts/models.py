"""Who works on the site. Signers have no account."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def _create_user_object(
        self, username: str, email: str | None, password: str | None, **fields: Any
    ) -> "User":
        """Raises: ValidationError, which commands print, where the database would only refuse."""
        user: User = super()._create_user_object(  # type: ignore[misc]
            username, email, password, **fields
        )
        user.validate_constraints()
        return user


class User(AbstractUser):
    # A forgotten password and what waits for somebody go to this address, so nobody is without.
    email = models.EmailField(_("email address"))

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # “Olena@example.org” is the same mailbox as “olena@example.org”.
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_email",
                violation_error_message=_("Somebody else already works here with this email."),
            ),
            models.CheckConstraint(
                condition=~models.Q(email=""),
                name="every_user_has_an_email",
                violation_error_message=_("Give an email address."),
            ),
        ]

    def validate_constraints(self, exclude: Iterable[str] | None = None) -> None:
        """What is wrong here is always the email, so it is said beside that field."""
        try:
            super().validate_constraints(exclude)  # type: ignore[arg-type]
        except ValidationError as error:
            raise ValidationError({"email": error.error_dict[NON_FIELD_ERRORS]}) from error


class Session(AbstractBaseSession):
    """Django's, which cannot be found by whose it is. It says nothing of where somebody was."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    # In two words, like “Firefox, Linux”.
    browser = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store
