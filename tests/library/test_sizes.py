"""The sizes in which pages show a picture."""

import re
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from PIL import Image as Picture
from wagtail.images.rect import Rect

from library import sizes
from library.models import Image, Rendition


@pytest.fixture
def image(db: None) -> Image:
    # It knows renditions by the ids of their pictures.
    cache.clear()
    file = BytesIO()
    Picture.new("RGB", (600, 3000), "teal").save(file, "PNG")
    made: Image = Image.objects.create(title="Tall", file=ContentFile(file.getvalue(), "tall.png"))
    return made


def shown(image: Image) -> str:
    return Template("{% load pictures %}{% shown_picture image %}").render(
        Context({"image": image})
    )


def test_each_browser_finds_a_kind_and_a_size(image: Image) -> None:
    html = shown(image)
    assert re.findall('<source[^>]* type="([^"]*)"', html) == ["image/avif", "image/webp"]
    [fallback] = re.findall("<img[^>]*>", html)
    assert 'loading="lazy"' in fallback
    # Its place is kept, whatever size is chosen; it is never made larger than it is.
    assert re.findall('(?:width|height)="([0-9]+)"', fallback) == ["3000", "600"]
    assert [*dict.fromkeys(re.findall(r" ([0-9]+)w", html))] == ["600", "480"]


def test_sizes_are_made_before_somebody_asks(image: Image) -> None:
    sizes.make()
    made = Rendition.objects.count()
    assert made == len(sizes.SIZES)
    shown(image)
    assert Rendition.objects.count() == made
    with CaptureQueriesContext(connection) as queries:
        sizes.make()
    assert len(queries) == 1


def test_a_picture_whose_file_is_gone_holds_up_no_other(image: Image) -> None:
    gone = Image.objects.create(title="Gone", file=image.file, width=1, height=1)
    Image.objects.filter(pk=gone.pk).update(file="original_images/gone.png")
    sizes.make()
    assert image.renditions.exists()
    sizes.make()


def test_a_portrait_is_a_square_around_the_focal_point(image: Image) -> None:
    image.set_focal_point(Rect(0, 2400, 600, 3000))
    image.save()
    html = Template("{% load pictures %}{% speakers_portrait image %}").render(
        Context({"image": image})
    )
    [fallback] = re.findall("<img[^>]*>", html)
    assert re.findall('(?:width|height)="([0-9]+)"', fallback) == ["168", "168"]
    assert 'alt=""' in fallback
    keys = set(image.renditions.values_list("focal_point_key", flat=True))
    assert keys == {image.renditions.get(filter_spec=sizes.PORTRAITS[0]).focal_point_key} != {""}
