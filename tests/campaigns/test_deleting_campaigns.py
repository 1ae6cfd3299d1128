"""A campaign goes by two persons, whichever way somebody would delete it."""

import pytest
from django.test import Client

from accounts.confirming import PASSWORD as FIELD
from accounts.models import User
from campaigns.models import CampaignPage, PetitionPage
from campaigns.publishing.campaign_deletion import ACT
from security.models import Approval, AuditEntry
from tests.support.factories import confirmed, make_user
from tests.support.kinds import SmallSite
from tests.support.logins import login

REASON = "A trial that was never announced"


@pytest.fixture
def other(db: None) -> Client:
    client = Client()
    client.force_login(make_user("deputy", is_superuser=True))
    return client


def delete_address(page: CampaignPage) -> str:
    return f"/admin/pages/{page.pk}/delete/"


def grant(client: Client) -> str:
    key = Approval.objects.get(state="waiting").pk
    data = {"action": "grant", FIELD: "secret-pass"}
    return client.post(f"/admin/approvals/{key}/", data, follow=True).content.decode()


def test_one_asks_and_another_grants(site: SmallSite, admin: Client, other: Client) -> None:
    page = site["campaign"]["en"]
    asked = admin.get(delete_address(page)).content.decode()
    assert "Ask a second person" in asked
    assert admin.post(delete_address(page), {"reason": ""}).status_code == 422
    admin.post(delete_address(page), {"reason": REASON})
    assert CampaignPage.objects.filter(pk=page.pk).exists()
    assert "End the ties" in other.get("/admin/").content.decode()
    assert "yourself" not in grant(other)
    assert not CampaignPage.objects.filter(pk=page.pk).exists()
    assert not PetitionPage.objects.filter(locale=page.locale).exists()
    told = list(AuditEntry.objects.order_by("pk").values_list("act", "row", "reason"))
    assert told == [(f"{ACT}.asked", str(page.pk), REASON), (f"{ACT}.granted", str(page.pk), "")]


def test_every_other_way_is_refused(site: SmallSite, admin: Client) -> None:
    page = site["campaign"]["en"]
    home = page.get_parent()
    address = f"/admin/bulk/wagtailcore/page/delete/?next=/admin/&id={page.pk}"
    admin.post(address)
    admin.post(f"/admin/bulk/wagtailcore/page/delete/?next=/admin/&id={home.pk}")
    admin.post(f"/admin/pages/{home.pk}/delete/")
    answer = admin.post(f"/admin/api/main/pages/{page.pk}/action/delete/")
    assert answer.status_code == 400
    assert CampaignPage.objects.filter(pk=page.pk).exists()
    assert not Approval.objects.exists()


def test_a_citys_page_is_deleted_as_ever(site: SmallSite, admin: Client) -> None:
    page = site["portland"]["en"]
    admin.post(f"/admin/pages/{page.pk}/delete/", {"next": "/admin/"})
    assert not PetitionPage.objects.filter(pk=page.pk).exists()


def test_what_somebody_signs_meanwhile_stays(site: SmallSite, admin: Client, other: Client) -> None:
    page = site["campaign"]["en"]
    admin.post(delete_address(page), {"reason": REASON})
    confirmed(site["portland"]["en"])
    assert "people have signed" in grant(other)
    assert CampaignPage.objects.filter(pk=page.pk).exists()


def test_who_may_not_delete_it_neither_asks_nor_grants(site: SmallSite, admin: Client) -> None:
    page = site["campaign"]["en"]
    editor = login("editor", "end-ties")
    editor.post(delete_address(page), {"reason": REASON})
    assert not Approval.objects.exists()
    admin.post(delete_address(page), {"reason": REASON})
    grant(editor)
    grant(login("officer"))
    assert CampaignPage.objects.filter(pk=page.pk).exists()
    assert User.objects.filter(username="officer").exists()
