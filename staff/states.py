"""How far somebody has come here."""

from django.utils.translation import gettext as _

from accounts.models import User
from staff.invitations import is_invited


def state_in_words(user: User) -> str:
    if not user.is_active:
        return _("access ended")
    if is_invited(user):
        return _("invited")
    return _("works here")
