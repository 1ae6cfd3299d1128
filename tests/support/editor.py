"""Posting what the page editor posts."""

import re
from collections.abc import Sequence
from typing import Any

from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from campaigns.records.form_shape import OPTIONAL_FIELDS
from tests.support.kinds import Response

FIELDS = {
    "CampaignPage": (
        "title",
        "slug",
        "lead",
        "ask",
        "starter",
        "recipients",
        "consent_text",
        "share_text",
        "city_heading",
        "city_lead",
        "city_ask",
        "city_recipient",
        "city_share",
        *(f"asks_{name}" for name in OPTIONAL_FIELDS),
        *(f"{name}_help" for name in OPTIONAL_FIELDS),
        "thank_you_text",
        "closing_text",
        "city_thank_you",
        "city_closing",
    ),
    "UpdatePage": ("title", "slug", "date", "lead"),
    "PetitionPage": ("title", "slug", "own_heading", "own_ask", "own_share_text"),
}
STREAMS = {
    "CampaignPage": ("body", "extra_questions", "state_words", "city_words"),
    "UpdatePage": ("body",),
    "PetitionPage": ("body",),
}


def form_of(page: Page, comments: Sequence[dict[str, Any]] = (), **changes: Any) -> dict[str, Any]:
    """The form as it stands, but with streams of blocks empty unless they are given."""
    kind = type(page).__name__
    fields = {name: getattr(page, name) for name in FIELDS[kind]}
    streams = {name: streamfield(changes.pop(name, ())) for name in STREAMS[kind]}
    raw = {**fields, **streams, "comments": inline_formset(comments), **changes}
    return dict(nested_form_data(raw))


def edit(client: Client, page: Page, action: str = "", **changes: Any) -> Response:
    """Saves a draft, or does more with the button named `action-…`."""
    data = form_of(page, **changes)
    if action:
        data[f"action-{action}"] = "1"
    return client.post(f"/admin/pages/{page.pk}/edit/", data)


def publish(client: Client, page: Page, **changes: Any) -> Response:
    """Publishes; where a change touches cities or what was signed, having seen that."""
    response = edit(client, page, "publish", **changes)
    address = response.headers.get("Location", "")
    if not address.startswith(("/admin/impact/", "/admin/changed-ask/")):
        return response
    return publish_seen(client, address)


def publish_seen(client: Client, address: str) -> Response:
    """Presses the button below what a change touches, or whose words it changes."""
    [seen] = re.findall(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    return client.post(address, {"seen": seen})


def publish_in_bulk(client: Client, *pages: Any) -> Response:
    """Publishes pages and the drafts below them, having seen which cities that changes."""
    query = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/wagtailcore/page/publish/?{query}&next=/admin/"
    seen = client.get(address).context["form"].initial["seen"]
    return client.post(address, {"include_descendants": "on", "seen": seen}, follow=True)


def address(page: Page) -> str:
    return f"/admin/pages/{page.pk}/edit/"
