"""Posting what the page editor posts."""

from typing import Any

from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from campaigns.models import CampaignPage

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
    ),
    "UpdatePage": ("title", "slug", "date", "lead"),
    "PetitionPage": ("title", "slug", "own_heading", "own_ask", "own_share_text"),
}


def form_of(page: Any, body: Any = (), comments: Any = (), **changes: Any) -> dict[str, Any]:
    fields = {name: getattr(page, name) for name in FIELDS[type(page).__name__]}
    streams = {"body": streamfield(body)}
    if isinstance(page, CampaignPage):
        streams["extra_questions"] = streamfield(())
    raw = {**fields, **streams, "comments": inline_formset(comments), **changes}
    return dict(nested_form_data(raw))


def edit(client: Client, page: Any, action: str = "", **changes: Any) -> Any:
    """Saves a draft, or does more with the button named `action-…`."""
    data = form_of(page, **changes)
    if action:
        data[f"action-{action}"] = "1"
    return client.post(f"/admin/pages/{page.pk}/edit/", data)


def publish(client: Client, page: Any, **changes: Any) -> Any:
    """Publishes; where a campaign's change touches cities, having seen which."""
    response = edit(client, page, "publish", **changes)
    address = response.headers.get("Location", "")
    if not address.startswith("/admin/reach/"):
        return response
    return client.post(address, {"revision": type(page).objects.get(pk=page.pk).latest_revision_id})
