"""Whoever changes the ask of a petition that people have signed is told so before it is live."""

from typing import Any

import pytest
from django.test import Client
from wagtail_localize.models import StringTranslation

from campaigns.models import CampaignPage, PetitionPage
from campaigns.publishing.ask_changes import ask_change
from tests.support.editor import address as editor_of
from tests.support.editor import edit, publish_seen
from tests.support.factories import confirmed, make_signature
from tests.support.kinds import CityPages, Response, SmallSite
from tests.support.translating import translate_all

ASK = "Portland ends its tie with Khabarovsk."


def publish_ask(client: Client, page: PetitionPage, ask: str) -> Response:
    return edit(client, page, "publish", own_ask=ask)


def live_ask(page: PetitionPage) -> str:
    return PetitionPage.objects.get(pk=page.pk).own_ask


@pytest.fixture
def page(portland: CityPages, moderator: Client) -> PetitionPage:
    publish_ask(moderator, portland["en"], ASK)
    return PetitionPage.objects.get(pk=portland["en"].pk)


def test_before_the_first_signature_nobody_is_asked(page: PetitionPage, moderator: Client) -> None:
    make_signature(page)
    answer = publish_ask(moderator, page, "Portland ends it today.")
    assert "/changed-ask/" not in answer.headers["Location"]
    assert live_ask(page) == "Portland ends it today."


def test_a_changed_ask_is_published_once_its_editor_has_seen_who_signed_the_old_one(
    page: PetitionPage, portland: CityPages, moderator: Client
) -> None:
    confirmed(page, "a@example.org")
    confirmed(page, "b@example.org")
    confirmed(portland["uk"], "c@example.org")
    address = publish_ask(moderator, page, "Portland joins another city.").headers["Location"]
    assert address == f"/admin/changed-ask/{page.pk}/"
    assert live_ask(page) == ASK
    html = moderator.get(address).content.decode()
    assert "2 signatures stay with the words that their signers read." in html
    assert "Version of" in html
    stale = moderator.post(address, {"seen": "1"})
    assert (stale.status_code, live_ask(page)) == (200, ASK)
    publish_seen(moderator, address)
    assert live_ask(page) == "Portland joins another city."
    assert moderator.post(address).status_code == 302, "a second press does nothing"


@pytest.mark.parametrize("ask", [f"{ASK} ", "Portland ends its tie with  Khabarovsk!", ASK.upper()])
def test_another_comma_asks_nothing(page: PetitionPage, moderator: Client, ask: str) -> None:
    confirmed(page)
    assert "/changed-ask/" not in publish_ask(moderator, page, ask).headers["Location"]
    assert live_ask(page) == ask.strip()


def test_each_version_is_told_with_how_many_signed_it(
    page: PetitionPage, moderator: Client
) -> None:
    confirmed(page, "a@example.org")
    address = publish_ask(moderator, page, "Portland ends it today.").headers["Location"]
    publish_seen(moderator, address)
    page = PetitionPage.objects.get(pk=page.pk)
    for name in ("b", "c"):
        confirmed(page, f"{name}@example.org")
    publish_ask(moderator, page, "Portland ends it tomorrow.")
    change = ask_change(page)
    assert change
    assert [version.number for version in change.versions] == [1, 2]
    assert [version.text.ask for version in change.versions] == [ASK, "Portland ends it today."]


def test_a_campaigns_pattern_is_told_with_all_cities_that_signed(
    site: SmallSite, portland: CityPages, moderator: Client
) -> None:
    campaign: Any = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    confirmed(portland["en"])
    address = edit(moderator, campaign, "publish", city_ask="{city} does something else.").headers[
        "Location"
    ]
    assert address == f"/admin/impact/{campaign.pk}/"
    html = moderator.get(address).content.decode()
    assert "1 signature stays with the words that its signer read." in html
    query = f"/admin/bulk/wagtailcore/page/publish/?id={campaign.pk}&next=/admin/"
    assert "1 signature stays with" in moderator.get(query).content.decode()


@pytest.mark.parametrize("missing", ["", "lead"])
def test_a_translations_publisher_is_asked_too(
    campaign_pages: dict[str, CampaignPage], moderator: Client, missing: str
) -> None:
    page = campaign_pages["uk"]
    confirmed(page)
    translate_all(page, but=missing)
    before = page.ask
    address = moderator.post(editor_of(page), {"action": "publish"}).headers["Location"]
    assert address == f"/admin/changed-ask/{page.pk}/"
    assert CampaignPage.objects.get(pk=page.pk).ask == before
    publish_seen(moderator, address)
    assert CampaignPage.objects.get(pk=page.pk).ask.startswith("УКР ask")


def test_a_translation_that_leaves_the_ask_alone_is_published_at_once(
    campaign_pages: dict[str, CampaignPage], moderator: Client
) -> None:
    page = campaign_pages["uk"]
    translate_all(page)
    moderator.post(editor_of(page), {"action": "publish"})
    page.refresh_from_db()
    confirmed(page)
    StringTranslation.objects.filter(context__path="lead").update(data="Уперед!")
    moderator.post(editor_of(page), {"action": "publish"})
    page.refresh_from_db()
    assert page.lead == "Уперед!"
