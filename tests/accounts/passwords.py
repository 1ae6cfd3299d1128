"""Trying passwords at the admin's door."""

from typing import Any

from django.test import Client

from tests.support.kinds import Response

DOOR = "/admin/login/"
HOME = "198.51.100.4"


def try_password(
    name: str, password: str, source: str = HOME, client: Client | None = None, **more: Any
) -> Response:
    client = client or Client()
    data = {"username": name, "password": password}
    return client.post(DOOR, data, REMOTE_ADDR=source, **more)


def got_in(response: Response) -> bool:
    return response.status_code == 302 and response["Location"] == "/admin/"
