"""Somebody of a role, logged in."""

from django.test import Client

from staff.assigning import NAMES, assign
from tests.support.factories import make_user


def login(role: str, place: str = "", publish: bool = False) -> Client:
    user = make_user(role)
    assign(user, NAMES[role], place, publish=publish)
    client = Client()
    client.force_login(user)
    return client
