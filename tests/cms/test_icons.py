"""The icons by which browsers and phones show the site."""

import re
from io import BytesIO

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client
from PIL import Image

from tests.support.kinds import SmallSite


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "kind", "size"),
    [("/favicon.ico", "ICO", 32), ("/apple-touch-icon.png", "PNG", 180)],
)
def test_browsers_find_the_icons_that_they_ask_for(address: str, kind: str, size: int) -> None:
    response = Client().get(address)
    picture = Image.open(BytesIO(response.getvalue()))
    assert (picture.format, picture.size) == (kind, (size, size))


def test_phones_find_the_sites_name_and_icons(site: SmallSite) -> None:
    html = Client().get("/uk/end-ties/").content.decode()
    [address] = re.findall('rel="manifest" href="([^"]*)"', html)
    response = Client().get(address)
    assert response["Content-Type"] == "application/manifest+json"
    found = response.json()
    assert found["name"] == site["home"]["en"].title
    for icon in found["icons"]:
        picture = Image.open(str(find(icon["src"].removeprefix("/static/"))))
        assert icon["sizes"] == "{}x{}".format(*picture.size)
