"""Somebody of each role, and whether they get in."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client

from campaigns.models import CampaignPage
from home.models import HomePage
from staff.assigning import NAMES, assign
from tests.support.factories import make_campaign, make_user, publish
from tests.support.kinds import Response, SmallSite
from tests.support.logins import logged_in

# One line an address: the initials of the roles that get in, then the address.
TABLE = Path(__file__).with_name("addresses.txt")
PLACES = {"editor": "end-ties", "translator": "uk"}
# Made to fail, for designers of error pages.
BROKEN = ("failwhale/", "test404/")


def table() -> dict[str, str]:
    lines = TABLE.read_text().splitlines()
    return {address: letters for letters, address in (line.split(" ", 1) for line in lines)}


def login(name: str, place: str | None = None) -> Client:
    user = make_user(name)
    assign(user, NAMES[name], PLACES.get(name, "") if place is None else place)
    return logged_in(user, raise_request_exception=False)


def is_refused(response: Response) -> bool:
    if response.status_code == 403:
        return True
    goes_to = response.headers.get("Location", "").split("?")[0]
    return response.status_code == 302 and goes_to in ("/admin/", "/admin/login/")


def open_address(client: Client, address: str) -> Response:
    """Opens an address, by POST where it takes no GET; whatever that changes is undone."""
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == 405:
            # Otherwise some addresses lead to the admin's home when all went well.
            onwards = {"next": "/admin/account/"}
            response = client.post(address, onwards, headers={"x-requested-with": "XMLHttpRequest"})
        if response.status_code == 405:
            response = client.put(address)
        transaction.set_rollback(True)
    return response


def tried(pattern: str) -> bool:
    return not pattern.startswith(("logout/", *BROKEN))


def make_other_campaign(site: SmallSite) -> dict[str, Any]:
    homes = {code: HomePage.objects.get(pk=page.pk) for code, page in site["home"].items()}
    first = site["campaign"]["en"]
    CampaignPage.objects.filter(slug=first.slug).update(slug="kept")
    other = make_campaign(homes)
    for page in other.values():
        page.slug = "other"
        publish(page)
    for page in CampaignPage.objects.filter(slug="kept"):
        page.slug = first.slug
        publish(page)
    return other
