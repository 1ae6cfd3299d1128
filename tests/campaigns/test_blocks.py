"""Blocks as visitors see them."""

import html as markup
import io
import re

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from campaigns.models import PetitionPage
from tests.library.images import made_image
from tests.support.factories import evidence, publish
from tests.support.kinds import CityPages, SmallSite


def make_image() -> AbstractImage:
    content = io.BytesIO()
    Picture.new("RGB", (40, 30), "navy").save(content, "PNG")
    content.seek(0)
    return get_image_model().objects.create(
        title="Ruins", file=ImageFile(content, name="ruins.png"), description="A burned house"
    )


@pytest.fixture
def page(portland: CityPages) -> PetitionPage:
    return PetitionPage.objects.get(pk=portland["en"].pk)


def read(page: PetitionPage) -> str:
    return Client().get(page.url).content.decode()


def test_an_image_carries_its_description(page: PetitionPage) -> None:
    image = make_image()
    image.contextual_alt_text, image.decorative = "A burned house", False
    page.body = [
        ("picture", {"image": image, "caption": "Bucha"}),
        ("evidence", {**evidence("What happened", warning=""), "image": image}),
    ]
    publish(page)
    shown = read(page)
    assert shown.count('alt="A burned house"') == 2
    assert re.search(r"<figcaption>\s*<p>Bucha</p>\s*</figcaption>", shown)
    assert "style=" not in shown


def test_a_content_warning_folds_the_evidence(page: PetitionPage) -> None:
    page.body = [("evidence", evidence("Heading", warning="Describes killings"))]
    publish(page)
    shown = read(page)
    folded = shown[shown.index("<details>") : shown.index("</details>")]
    assert "Describes killings" in folded
    assert "It happened." in folded
    assert "A publisher" in folded


def test_evidence_shows_where_it_belongs(site: SmallSite, page: PetitionPage) -> None:
    campaign = type(site["campaign"]["en"]).objects.get(pk=site["campaign"]["en"].pk)
    tie = page.tie
    about_sister = {**evidence("About Khabarovsk", ""), "city": tie.sister_city}
    about_other = {**evidence("About Portland", ""), "city": tie.city}
    campaign.body = [
        ("evidence", about_sister),
        ("evidence", about_other),
        ("evidence", evidence("About no city", "")),
    ]
    publish(campaign)
    shown = read(page)
    assert "About Khabarovsk" in shown
    assert "About no city" in shown
    assert "About Portland" not in shown
    campaign_wide = Client().get(campaign.url).content.decode()
    about_none, _pairs, about_cities = campaign_wide.partition('id="evidence"')
    assert "About no city" in about_none
    assert "About Khabarovsk" not in about_none
    assert "About Khabarovsk" in about_cities
    assert "About Portland" in about_cities


def test_a_hidden_block_is_hidden_in_every_language(site: SmallSite, page: PetitionPage) -> None:
    campaign = type(site["campaign"]["en"]).objects.get(pk=site["campaign"]["en"].pk)
    campaign.body = [("reason", {"heading": "Hidden reason", "text": "<p>Text.</p>"})]
    campaign = publish(campaign)
    assert "Hidden reason" in read(page)
    page.petition.hidden_blocks = [campaign.body[0].id]
    page.petition.save()
    assert "Hidden reason" not in read(page)


def test_each_page_describes_a_picture_in_its_own_words(site: SmallSite) -> None:
    """Though a process keeps the picture and its sizes for all of them."""
    picture = made_image()
    told = {"en": "A bridge of stone", "uk": "Кам’яний міст"}
    for language, words in told.items():
        picture.contextual_alt_text, picture.decorative = words, False
        page = PetitionPage.objects.get(pk=site["portland"][language].pk)
        page.body = [("picture", {"image": picture, "caption": ""})]
        publish(page)
    for _time in range(2):
        for language, words in told.items():
            html = Client().get(f"/{language}/end-ties/portland-oregon/").content.decode()
            found = re.findall(r'<img alt="([^"]*)"|<img [^>]*alt="([^"]*)"', html)
            assert [markup.unescape("".join(each)) for each in found] == [words]
