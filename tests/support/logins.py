"""Somebody of a role, logged in."""

from django.test import Client

from home.assigning import NAMES, assign
from tests.support.factories import make_user


def login(role: str, place: str = "", **rights: bool) -> Client:
    user = make_user(role)
    assign(user, NAMES[role], place, **rights)
    client = Client()
    client.force_login(user)
    return client
