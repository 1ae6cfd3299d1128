"""Somebody of a role, logged in."""

from typing import Any

from django.test import Client

from accounts.factors.marks import CONFIRMED_UNTIL
from accounts.models import User
from staff.assigning import NAMES, assign
from tests.support.factories import make_user

# Later than any clock of a test.
FOR_GOOD = 1e11


def login(role: str, place: str = "", publish: bool = False) -> Client:
    user = make_user(role)
    assign(user, NAMES[role], place, publish=publish)
    return logged_in(user)


def logged_in(user: User, **more: Any) -> Client:
    """Somebody who is not asked again who it is, whatever they do."""
    client = Client(**more)
    client.force_login(user)
    session = client.session
    session[CONFIRMED_UNTIL] = FOR_GOOD
    session.save()
    return client
