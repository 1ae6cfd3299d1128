"""Before a campaign's change is published, its editor sees which city pages it touches."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.impact import ContentChange, How, affected_pages, content_changes
from campaigns.models import CampaignPage, Petition, PetitionPage, TextVersion
from tests.support.editor import edit
from tests.support.factories import evidence, make_city_petition, make_user, publish
from tests.support.kinds import Response, SmallSite
from tests.support.logins import logged_in
from tests.support.snapshot import kept

REASON = {"heading": "A reason", "text": "<p>Its text.</p>"}


@pytest.fixture
@kept
def campaign(site: dict[str, Any]) -> CampaignPage:
    """Two cities, a reason, and a claim about each side of Portland's tie."""
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")["en"]
    tie = tacoma.tie
    tie.sister_city = site["portland"]["en"].tie.city
    tie.save()
    english = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    about_khabarovsk = {
        **evidence("About Khabarovsk", ""),
        "city": site["portland"]["en"].tie.sister_city,
    }
    english.body = [("reason", REASON), ("evidence", about_khabarovsk)]
    return publish(english)


def draft(campaign: CampaignPage, **texts: str) -> CampaignPage:
    copy = CampaignPage.objects.get(pk=campaign.pk)
    for name, value in texts.items():
        setattr(copy, name, value)
    return copy


def with_body(campaign: CampaignPage, raw: list[Any]) -> CampaignPage:
    copy = draft(campaign)
    copy.body = json.dumps(raw)
    return copy


def raw(campaign: CampaignPage) -> list[Any]:
    return json.loads(json.dumps(list(campaign.body.raw_data)))


def cities(found: list[ContentChange]) -> list[str]:
    return [page.city_name.name for page in affected_pages(found)]


def test_an_unchanged_draft_touches_nothing(campaign: CampaignPage) -> None:
    assert content_changes(campaign, draft(campaign)) == []


def test_a_changed_reason_touches_every_city(campaign: CampaignPage) -> None:
    body = raw(campaign)
    body[0]["value"]["heading"] = "A better reason"
    (change,) = found = content_changes(campaign, with_body(campaign, body))
    assert (change.how, change.words) == (How.CHANGED, "A better reason")
    assert cities(found) == ["Portland", "Tacoma"]


def test_a_changed_title_touches_the_pages_that_lead_back_to_it(campaign: CampaignPage) -> None:
    assert cities(content_changes(campaign, draft(campaign, title="End them"))) == [
        "Portland",
        "Tacoma",
    ]


def test_evidence_about_one_city_touches_the_pages_of_that_city_alone(
    campaign: CampaignPage, site: SmallSite
) -> None:
    body = raw(campaign)
    body[1]["value"]["when"] = "Autumn 2022"
    assert cities(content_changes(campaign, with_body(campaign, body))) == ["Portland"]
    body[1]["value"]["city"] = site["portland"]["en"].tie.city.pk
    assert cities(content_changes(campaign, with_body(campaign, body))) == ["Portland", "Tacoma"]


def test_a_new_review_date_touches_no_page(campaign: CampaignPage) -> None:
    body = raw(campaign)
    body[1]["value"]["review_on"] = "2030-01-01"
    assert content_changes(campaign, with_body(campaign, body)) == []


def test_what_the_form_alone_stores_differently_touches_no_page(campaign: CampaignPage) -> None:
    body = raw(campaign)
    body[0]["value"]["text"] = '<p data-block-key="abcde">Its text.</p>'
    body[1]["value"] |= {"corrections": [], "image": {"image": None, "alt_text": ""}}
    found = content_changes(campaign, with_body(campaign, body))
    assert found == []


def test_what_is_added_removed_or_moved_is_told_apart(campaign: CampaignPage) -> None:
    reason, claim = raw(campaign)
    added = {**reason, "id": "00000000-0000-4000-8000-000000000000"}
    found = content_changes(campaign, with_body(campaign, [added, claim]))
    assert [change.how for change in found] == [How.ADDED, How.REMOVED]
    moved = content_changes(campaign, with_body(campaign, [claim, reason]))
    assert [change.how for change in moved] == [How.MOVED]


def test_a_page_that_hides_the_block_is_spared(campaign: CampaignPage, site: SmallSite) -> None:
    body = raw(campaign)
    Petition.objects.filter(pk=site["portland"]["en"].petition_id).update(
        hidden_blocks=[body[0]["id"]]
    )
    body[0]["value"]["heading"] = "A better reason"
    (change,) = found = content_changes(campaign, with_body(campaign, body))
    assert cities(found) == ["Tacoma"]
    assert [page.city_name.name for page in change.unaffected] == ["Portland"]


def test_a_city_with_words_of_its_own_is_spared_by_a_new_pattern(
    campaign: CampaignPage, site: SmallSite
) -> None:
    PetitionPage.objects.filter(pk=site["portland"]["en"].pk).update(own_ask="Our own ask.")
    found = content_changes(campaign, draft(campaign, city_ask="End it {with_sister_city}."))
    assert cities(found) == ["Tacoma"]


def test_a_change_of_the_form_touches_every_city(campaign: CampaignPage) -> None:
    copy = draft(campaign)
    copy.asks_comment = False
    (change,) = found = content_changes(campaign, copy)
    assert change.words == "ask for a comment"
    assert cities(found) == ["Portland", "Tacoma"]


def test_publishing_a_change_that_touches_cities_shows_them_first(
    admin: Client, campaign: CampaignPage
) -> None:
    response = edit(admin, campaign, "publish", city_ask="Now end it {with_sister_city}.")
    address = f"/admin/impact/{campaign.pk}/"
    assert response["Location"] == address
    campaign.refresh_from_db()
    assert "Now end it" not in campaign.city_ask
    page = admin.get(address)
    listed = page.content.decode()
    assert "changes 2 of 2 city pages" in listed
    assert "Portland, Oregon" in listed
    revision = page.context["impact"].revision
    answer = admin.post(address, {"seen": revision}, follow=True).content.decode()
    assert "The change shows on 2 city pages." in answer
    campaign.refresh_from_db()
    assert campaign.city_ask == "Now end it {with_sister_city}."
    assert TextVersion.objects.filter(ask="Now end it with Khabarovsk.").exists()


def rows_of(page: Response) -> list[list[str]]:
    """The table of changes: what each is, how, and the pages that it touches."""
    table = BeautifulSoup(page.content, "html.parser").select("table.listing tbody tr")
    return [[" ".join(cell.get_text().split()) for cell in row.select("td")] for row in table]


def test_each_change_names_its_pages_and_how_many_have_their_own(
    admin: Client, campaign: CampaignPage, site: SmallSite
) -> None:
    PetitionPage.objects.filter(pk=site["portland"]["en"].pk).update(own_ask="Our own ask.")
    edit(admin, campaign, city_ask="A draft {with_sister_city}.", starter="Somebody")
    *_blocks, starter, ask = rows_of(admin.get(f"/admin/impact/{campaign.pk}/"))
    portland, tacoma = "Portland, Oregon – Khabarovsk", "Tacoma, Washington – Portland"
    assert starter == ["Text: started by", "changed", f"{portland}; {tacoma}"]
    own = "1 page hides it or has its own words"
    assert ask == ["Pattern for city pages: ask", "changed", f"{tacoma} {own}"]


def test_a_draft_changed_meanwhile_is_shown_again(admin: Client, campaign: CampaignPage) -> None:
    edit(admin, campaign, "publish", city_ask="One {with_sister_city}.")
    address = f"/admin/impact/{campaign.pk}/"
    revision = admin.get(address).context["impact"].revision
    edit(admin, CampaignPage.objects.get(pk=campaign.pk), city_ask="Two {with_sister_city}.")
    assert admin.post(address, {"seen": revision})["Location"] == address
    campaign.refresh_from_db()
    assert "{with_sister_city} for good" in campaign.city_ask


def test_a_change_that_touches_no_city_is_published_at_once(
    admin: Client, campaign: CampaignPage
) -> None:
    PetitionPage.objects.child_of(campaign).update(live=False)
    response = edit(admin, campaign, "publish", ask="A new ask of all.")
    assert "/impact/" not in response["Location"]
    campaign.refresh_from_db()
    assert campaign.ask == "A new ask of all."
    assert TextVersion.objects.filter(ask="A new ask of all.").exists()


def test_a_saved_draft_leads_to_what_it_touches(admin: Client, campaign: CampaignPage) -> None:
    address, button = f"/admin/pages/{campaign.pk}/edit/", f"/admin/impact/{campaign.pk}/"
    assert button not in admin.get(address).content.decode()
    edit(admin, campaign, city_ask="A draft {with_sister_city}.")
    assert button in admin.get(address).content.decode()


def test_what_a_change_touches_costs_the_same_for_many_cities(
    admin: Client, campaign: CampaignPage, site: SmallSite
) -> None:
    edit(admin, campaign, city_ask="A draft {with_sister_city}.")
    address = f"/admin/impact/{campaign.pk}/"
    PetitionPage.objects.filter(slug="tacoma-washington").update(live=False)
    admin.get(address)
    with CaptureQueriesContext(connection) as one:
        admin.get(address)
    PetitionPage.objects.filter(slug="tacoma-washington").update(live=True)
    with CaptureQueriesContext(connection) as two:
        admin.get(address)
    assert len(two) == len(one)


def test_only_who_may_publish_the_campaign_publishes_there(campaign: CampaignPage) -> None:
    client = logged_in(make_user("nobody"))
    assert client.post(f"/admin/impact/{campaign.pk}/", {"seen": "1"}).status_code == 302
