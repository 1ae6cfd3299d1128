"""A page that is for some alone is told to nobody else, by no address."""

import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from campaigns.models import Petition, TieEvent
from tests.accounts.addresses import Things
from tests.accounts.test_roles import is_refused, knock, login, make_other_campaign, table
from tests.support.factories import make_user

SECRET = "Our own words about Portland"


@pytest.fixture(params=["city", "campaign"])
def private(request: Any, site: dict[str, Any]) -> dict[str, Any]:
    """The English city page, private itself or below a private campaign."""
    page = site["portland"]["en"]
    page.own_heading = SECRET
    page.save()
    shut = {"city": page, "campaign": site["campaign"]["en"]}[request.param]
    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=shut.pk), restriction_type="password", password="secret"
    )
    return site


def test_no_address_tells_what_is_private(private: dict[str, Any]) -> None:
    petition = private["portland"]["en"].petition
    addresses = [
        "/en/",
        "/en/?q=portland",
        "/en/end-ties/",
        "/en/end-ties/cities/",
        "/en/end-ties/portland-oregon/",
        "/uk/",
        "/uk/end-ties/portland-oregon/",
        "/api/petitions/",
        f"/api/petitions/{petition.pk}/",
        "/sitemap.xml",
    ]
    for address in addresses:
        html = Client().get(address, follow=True).content.decode()
        assert SECRET not in html, address
        # The choice of languages leads from any address to the same one with another prefix, and
        # the page that asks for the password leads back.
        html = re.sub(r'<a href="[^"]*" lang="en"|name="return_url" value="[^"]*"', "", html)
        assert "/en/end-ties/portland-oregon/" not in html, address
    answer = Client(headers={"Sec-Fetch-Site": "same-origin"}).post(
        f"/en/petitions/{petition.pk}/sign/", {"name": ""}
    )
    assert answer.status_code == 409
    assert SECRET not in answer.content.decode()


def test_what_is_private_in_one_language_is_still_listed_in_the_other(
    private: dict[str, Any],
) -> None:
    petition = private["portland"]["en"].petition
    found = Client().get(f"/api/petitions/{petition.pk}/").json()
    assert list(found["url"]) == ["uk"]
    assert Petition.objects.listed().filter(pk=petition.pk).count() == 1


def test_no_record_of_another_campaign_is_shown_by_a_copy(site: dict[str, Any]) -> None:
    city, other = site["portland"]["en"], make_other_campaign(site)
    outsider = login("editor", other["en"].slug)
    boss = Client()
    boss.force_login(make_user("boss", is_staff=True, is_superuser=True))
    for kind, record in (("tie", city.petition.tie), ("petition", city.petition)):
        address = f"/admin/snippets/campaigns/{kind}/copy/{record.pk}/"
        for client in (outsider, boss):
            answer = client.get(address)
            assert answer.status_code == 404 or is_refused(answer)


def test_no_address_of_the_admin_shows_another_campaigns_things(site: dict[str, Any]) -> None:
    """By what stands on the page, whatever role gets in: the words of the campaign's own draft."""
    things, other = Things(site), make_other_campaign(site)
    for page in (site["campaign"]["en"], site["portland"]["en"]):
        draft = type(page).objects.get(pk=page.pk)
        name = "ask" if hasattr(draft, "city_ask") else "own_ask"
        setattr(draft, name, SECRET)
        draft.save_revision(clean=False)
    TieEvent.objects.filter(tie=things.page.petition.tie).update(source_title=SECRET)
    client = login("editor", other["en"].slug)
    told = [
        pattern
        for pattern in table()
        if "<" in pattern and SECRET.encode() in knock(client, things.fill(pattern)).getvalue()
    ]
    assert told == []
