"""Signing by form, as a browser posts it."""

from typing import Any

from django.test import Client

from campaigns.models import PetitionPageBase
from tests.support.kinds import Response

OWN: dict[str, Any] = {"headers": {"sec-fetch-site": "same-origin"}}


def fields(page: PetitionPageBase, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Olena",
        "email": "olena@example.org",
        "country": "UA",
        "consent": "on",
        "version": page.words.checksum,
        **changes,
    }


def address(page: PetitionPageBase) -> str:
    return f"/{page.language}/petitions/{page.petition_id}/sign/"


def post(page: PetitionPageBase, client: Client | None = None, **changes: Any) -> Response:
    return (client or Client()).post(address(page), fields(page, **changes), **OWN)
