"""Whether a session was opened by more than a password, and for whom that is needed."""

import time

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.requests import session_user
from accounts.roles import ADMINISTRATORS, EVERYBODY, ROLES

Kind = Authenticator.Type
# Which factor was verified in a session, and when.
FACTOR = "factor"
FACTOR_AT = "factor_at"
# Until when nobody is asked again who it is, in seconds since 1970.
CONFIRMED_UNTIL = "confirmed_until"
CONFIRMED_SECONDS = 300


def factors_of(user: User) -> QuerySet[Authenticator]:
    """Passkeys and the app. Recovery codes stand in for them and are none themselves."""
    return Authenticator.objects.filter(user=user).exclude(type=Kind.RECOVERY_CODES)


def has_factor(user: User) -> bool:
    return factors_of(user).exists()


def is_required(user: User) -> bool:
    """By `SECOND_FACTOR`: the names of roles, or everybody's."""
    roles: frozenset[str] = settings.SECOND_FACTOR
    if EVERYBODY in roles:
        return True
    if user.is_superuser and ADMINISTRATORS.name in roles:
        return True
    groups = [role.group for role in ROLES if role.name in roles]
    return bool(groups) and user.groups.filter(name__in=groups).exists()


def let_in(request: HttpRequest) -> User | AnonymousUser:
    """Nobody, where a session was opened by a password alone and its user needs more."""
    user = session_user(request)
    if isinstance(user, AnonymousUser) or FACTOR in request.session:
        return user
    # Whoever has set a factor up is asked for it, required or not.
    return AnonymousUser() if has_factor(user) or is_required(user) else user


def mark_verified(request: HttpRequest, kind: str) -> None:
    """Opens the session all the way, under a new name."""
    request.session.cycle_key()
    request.session[FACTOR] = str(kind)
    request.session[FACTOR_AT] = time.time()


def unmark(request: HttpRequest) -> None:
    for mark in (FACTOR, FACTOR_AT):
        request.session.pop(mark, None)


def confirm(request: HttpRequest) -> None:
    request.session[CONFIRMED_UNTIL] = time.time() + CONFIRMED_SECONDS


def is_confirmed(request: HttpRequest) -> bool:
    return bool(time.time() < request.session.get(CONFIRMED_UNTIL, 0))
