"""What many pages show alike is rendered once, and each page shows it as it is now."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from campaigns.blocks import shown
from campaigns.models import CampaignPage, PetitionPage
from library.models import Image
from signatures.templatetags import signatures as tags
from tests.support.factories import add_content, make_city_petition, publish
from tests.support.kinds import SmallSite


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    for kept in (shown._html, tags._forms):
        kept.clear()
    yield
    for kept in (shown._html, tags._forms):
        kept.clear()


def read(page: Page) -> BeautifulSoup:
    return BeautifulSoup(Client().get(page.url).content.decode(), "html.parser")


def set_body(page: Page, body: list[Any]) -> None:
    stored = type(page).objects.get(pk=page.pk)
    stored.body = body
    publish(stored)


def test_blocks_of_a_campaign_are_rendered_once_for_all_its_cities(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_content(site)
    first = read(site["portland"]["en"]).select_one(".reason")
    rendered: list[str] = []
    usual = shown.ShownBlock._rendered

    def counting(block: shown.ShownBlock, context: dict[str, Any]) -> str:
        rendered.append(block.block_type)
        return usual(block, context)

    monkeypatch.setattr(shown.ShownBlock, "_rendered", counting)
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")
    assert read(tacoma["en"]).select_one(".reason") == first
    # Where its button leads, each page says anew.
    assert rendered == ["call_to_action"]


def test_an_edited_block_is_shown_as_it_is_now_in_each_language(site: SmallSite) -> None:
    for words in ("As it was", "As it is"):
        for page in site["campaign"].values():
            text = f"{words} {page.locale.language_code}"
            set_body(page, [("reason", {"heading": text, "text": "<p>So.</p>"})])
        for language, city in site["portland"].items():
            assert f"{words} {language}." in read(city).get_text()
            assert len(read(city).select(".reason")) == 1


def test_a_claim_leads_to_its_campaigns_address_as_it_is_now(site: SmallSite) -> None:
    add_content(site)
    city = site["portland"]["en"]
    before = read(city).select_one(".cite-link a")
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    campaign.slug = "elsewhere"
    publish(campaign)
    moved = PetitionPage.objects.get(pk=city.pk)
    after = read(moved).select_one(".cite-link a")
    assert before
    assert after
    assert before["href"] != after["href"]
    assert str(after["href"]).startswith("/en/elsewhere/evidence/")


def test_a_text_links_to_a_page_where_it_is_now(site: SmallSite) -> None:
    campaign, home = site["campaign"]["en"], site["home"]["en"]
    add_content(site)
    about = home.get_children().get(slug="about").specific
    link = f'<p>See <a linktype="page" id="{about.pk}">about</a></p>'
    set_body(campaign, [("reason", {"heading": "Why", "text": link})])
    city = site["portland"]["en"]
    assert read(city).select_one('.reason a[href="/en/about/"]')
    about.slug = "who-we-are"
    publish(about)
    assert read(city).select_one('.reason a[href="/en/who-we-are/"]')


def test_a_picture_is_shown_as_it_is_now(site: SmallSite) -> None:
    image = Image.objects.create(title="Old", file=get_test_image_file("old.png"))
    image.contextual_alt_text, image.decorative = "A bridge", False
    picture = {"image": image, "caption": ""}
    set_body(site["campaign"]["en"], [("picture", picture)])
    city = site["portland"]["en"]
    seen = []
    for name in ("old", "new"):
        image.file = get_test_image_file(f"{name}.png", size=(640, 480))
        image.save()
        image.renditions.all().delete()
        for _time in range(2):
            drawn = read(city).select_one("figure.block img")
            assert drawn
            assert drawn["src"] in {each.url for each in image.renditions.all()}
            seen.append(drawn["src"])
    assert seen[0] == seen[1] != seen[2]


def test_a_block_that_somebody_changes_is_shown_as_changed(full_city: PetitionPage) -> None:
    """As in a preview, before anything is stored."""
    reason = next(block for block in full_city.campaign.body if block.block_type == "reason")
    context = {"page": full_city}
    stored = PetitionPage.objects.get(pk=full_city.pk)
    kept = [block for block in stored.blocks if block.block_type == "reason"]
    assert "A reason" in kept[0].render_as_block(context)
    reason.value["heading"] = "Another"
    changed = [block for block in full_city.blocks if block.block_type == "reason"]
    assert "Another" in changed[0].render_as_block(context)
    assert "A reason" in kept[0].render_as_block(context)


def test_no_more_is_kept_than_there_is_room_for(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "MOST_KEPT", 2)
    monkeypatch.setattr(tags, "MOST_FORMS", 1)
    add_content(site)
    for city in site["portland"].values():
        assert read(city).select(".reason")
    assert len(shown._html) <= 2
    assert len(tags._forms) == 1


def test_a_form_asks_for_consent_in_the_words_of_now(site: SmallSite) -> None:
    city = site["portland"]["en"]
    before = read(city).select_one("[name=version]")
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    campaign.consent_text = "I agree to something else.\n\nIn more words."
    publish(campaign)
    form = read(city).select_one("form.sign-form")
    assert before
    assert form
    assert "I agree to something else." in form.get_text()
    assert "In more words." in form.get_text()
    version = form.select_one("[name=version]")
    assert version
    assert version["value"] != before["value"]


def test_a_form_asks_what_the_campaign_asks_now(site: SmallSite) -> None:
    city = site["portland"]["en"]
    assert read(city).select_one("[name=lives_here]")
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    campaign.asks_lives_here = False
    publish(campaign)
    assert not read(city).select_one("[name=lives_here]")


def test_a_form_tells_when_its_petition_closes_now(site: SmallSite) -> None:
    city = site["portland"]["en"]
    petition = city.petition
    assert "This petition closes on" not in read(city).get_text()
    petition.closes_at = timezone.now() + timedelta(days=30)
    petition.save()
    assert "This petition closes on" in read(city).get_text()


def test_each_city_has_a_form_of_its_own_in_each_language(site: SmallSite) -> None:
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")
    for _time in range(2):
        for cities in (site["portland"], tacoma):
            for language, page in cities.items():
                form = read(page).select_one("form.sign-form")
                assert form
                address = f"/{language}/petitions/{page.petition_id}/sign/#errors"
                assert form["action"] == address
