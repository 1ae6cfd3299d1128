"""Who gets in: the one place that every log-in page, form and command asks.

Two independent limits hold here, of the account that is tried and of the network that tries. A
browser in which somebody once got in by their password has a limit of its own for that account,
so that strangers who use up the account's lock nobody out of a browser that they know.
"""

import logging
import unicodedata
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest

from accounts.browsers.known import known_browser
from accounts.models import User
from accounts.passwords import DEMO_PASSWORD, LONGEST
from security.limits import Limit, Rate, give_back, is_full, keyed_hash, network_limits, take

logger = logging.getLogger(__name__)

# In any hour at most what goes in at once and what an hour empties: ten tries at an account,
LIMIT_OF_ACCOUNT = Rate(5, 720)
# thirty from an address, and a hundred and twenty from the network around it.
LIMIT_OF_ADDRESS = Rate(15, 240)
LIMIT_OF_NETWORK = Rate(60, 60)
LONGEST_NAME = 254


def normalized(name: str) -> str:
    """One account under every spelling of its name that could lead to it."""
    return unicodedata.normalize("NFKC", name).casefold()


def named(typed: str) -> str:
    """The user name of whoever is meant by a user name or an email; as typed if that is nobody.

    A user name goes before an email. One query, whoever is meant.
    """
    means = Q(username=typed) | Q(email__iexact=typed)
    found = list(get_user_model().objects.filter(means).values_list("username", flat=True))
    return str(found[0]) if len(found) == 1 else typed


def account_limit(name: str, browser: str = "") -> Limit:
    """Of the account for all strangers together, or for one browser that is known."""
    return Limit(keyed_hash(f"log-in/account/{normalized(name)}/{browser}"), LIMIT_OF_ACCOUNT)


def log_in_limits(request: HttpRequest | None, name: str) -> list[Limit]:
    if request and (browser := known_browser(request, normalized(name))):
        return [account_limit(name, browser)]
    return network_limits(request, "log-in", (LIMIT_OF_ADDRESS, LIMIT_OF_NETWORK)) + [
        account_limit(name)
    ]


class LimitedBackend(ModelBackend):
    """Django's, which lets anybody guess without end."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The user, or None. How long to wait stands in `request.log_in_wait`, in seconds."""
        users = get_user_model()
        name = username if username is not None else kwargs.get(users.USERNAME_FIELD)
        if name is None or password is None:
            return None
        if len(name) > LONGEST_NAME or len(password) > LONGEST or "\0" in name:
            return None
        # One account, whichever of its two names is tried.
        name = named(name)
        limits = log_in_limits(request, name)
        # Counted before the password is looked at, so that parallel guesses do not pass.
        if wait := take(limits):
            if request is not None:
                request.log_in_wait = wait  # type: ignore[attr-defined]
            # As long as a wrong password takes, known name or not.
            users().set_password(password)
            return None
        user = super().authenticate(request, name, password)
        if user is None or (password == DEMO_PASSWORD and not settings.DEMO):
            _log_lock_outs(limits)
            return None
        give_back(limits)
        return user

    async def aauthenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        # Django's own would go round everything above.
        return await sync_to_async(self.authenticate)(request, username, password, **kwargs)

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Not on a real site, where the demo made that user."""
        is_refused = not settings.DEMO and hasattr(user, "demo_login")
        return super().user_can_authenticate(user) and not is_refused

    def get_user(self, user_id: int) -> User | None:
        """Whom a session is for; nobody where that is a log-in of the demo."""
        user = super().get_user(user_id)
        return user if user and self.user_can_authenticate(user) else None

    async def aget_user(self, user_id: int) -> User | None:
        return await sync_to_async(self.get_user)(user_id)


def _log_lock_outs(limits: list[Limit]) -> None:
    """Says that a limit is reached, and never whose."""
    for limit in limits:
        if is_full(limit):
            kind = "an account" if limit.rate == LIMIT_OF_ACCOUNT else "a network"
            logger.warning("Too many wrong passwords: %s is locked for a while.", kind)
