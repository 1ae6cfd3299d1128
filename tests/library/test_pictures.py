"""What is left of a picture: its pixels, colors and frames, and nothing that tells of its maker."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageChops, ImageStat

from library.cleaning.pictures import clean_picture
from tests.library.dirty_pictures import (
    CASES,
    KINDS,
    SUFFIXES,
    color_profile,
    dirty,
    drawing,
    encoded,
    exif,
    name,
    reveals,
)

pytestmark = pytest.mark.any_database
MOST = 25_000_000
FORMATS = list(KINDS)
EXACT = ("PNG", "GIF")
LITTLE = 6


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def clean(content: bytes) -> Image.Image:
    return opened(clean_picture(content, MOST)[0])


def differ(one: Image.Image, other: Image.Image) -> float:
    """By how much colors differ on average, of 255; where a pixel is wrong by all, by much more."""
    assert one.size == other.size
    difference = ImageChops.difference(one.convert("RGBA"), other.convert("RGBA"))
    return sum(ImageStat.Stat(difference).mean)


@pytest.mark.parametrize(("image_format", "kind"), CASES)
def test_nothing_but_the_picture_is_left(image_format: str, kind: str) -> None:
    content = dirty(image_format, kind)
    assert reveals(content), "the test's own file carries the secret"
    cleaned, suffix = clean_picture(content, MOST)
    assert not reveals(cleaned)
    assert suffix == f".{SUFFIXES[image_format]}"
    assert differ(opened(cleaned), opened(content)) <= (0 if image_format in EXACT else LITTLE)
    assert not opened(cleaned).getexif()
    assert not {"comment", "xmp", "exif", "photoshop", "mp"} & opened(cleaned).info.keys()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_stands_upright_without_saying_so(image_format: str, orientation: int) -> None:
    turned = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = drawing()
    if orientation in turned:
        held = held.transpose(turned[orientation])
    cleaned = clean(encoded(held, image_format, exif=exif(orientation=orientation)))
    assert differ(cleaned, drawing()) < 2 * LITTLE


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_color_profile_is_kept(image_format: str) -> None:
    profile = color_profile()
    cleaned = clean(encoded(drawing(), image_format, icc_profile=profile, exif=exif()))
    assert cleaned.info["icc_profile"] == profile


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "AVIF", "GIF"])
def test_an_animation_stays_one(image_format: str) -> None:
    frames = [drawing().rotate(90 * turn) for turn in range(4)]
    times = [100, 200, 300, 400]
    options = {"save_all": True, "append_images": frames[1:], "duration": times}
    if image_format != "AVIF":
        options["loop"] = 3
    content = encoded(frames[0], image_format, **options)
    before, after = opened(content), clean(content)
    assert after.n_frames == before.n_frames == 4  # type: ignore[attr-defined]
    assert after.info.get("loop") == before.info.get("loop")
    for number in range(4):
        before.seek(number)
        after.seek(number)
        assert differ(before, after) <= (0 if image_format in EXACT else LITTLE)
        assert after.info["duration"] == before.info["duration"]


def test_an_animation_keeps_the_picture_for_those_who_show_none() -> None:
    frames = [drawing().rotate(90 * turn) for turn in range(3)]
    options = {"save_all": True, "append_images": frames[1:], "duration": [50, 70]}
    content = encoded(frames[0], "PNG", default_image=True, **options)
    before, after = opened(content), clean(content)
    assert (after.n_frames, after.info["default_image"]) == (before.n_frames, True)  # type: ignore[attr-defined]
    for number in range(3):
        before.seek(number)
        after.seek(number)
        assert differ(before, after) == 0


@pytest.mark.parametrize(
    ("image_format", "mode"),
    [
        *(("JPEG", mode) for mode in ("RGB", "L", "CMYK")),
        *(("PNG", mode) for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
        *(("AVIF", mode) for mode in ("RGB", "RGBA")),
        *(("GIF", mode) for mode in ("P", "L", "1")),
    ],
)
def test_colors_of_every_depth_are_kept(image_format: str, mode: str) -> None:
    image = drawing("L").convert("I").convert("I;16") if mode == "I;16" else drawing(mode)
    content = encoded(image, image_format)
    cleaned = clean(content)
    assert cleaned.mode == opened(content).mode
    if mode == "I;16":
        assert cleaned.tobytes() == opened(content).tobytes()
    else:
        assert differ(cleaned, opened(content)) <= (0 if image_format in EXACT else LITTLE)


@pytest.mark.parametrize("image_format", ["PNG", "GIF"])
def test_what_is_transparent_stays_so(image_format: str) -> None:
    image = drawing("P")
    content = encoded(image, image_format, transparency=image.getpixel((0, 0)))
    cleaned = clean(content).convert("RGBA")
    assert cleaned.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert cleaned.getpixel((63, 39))[3] == 255  # type: ignore[index]


@pytest.mark.parametrize("image_format", FORMATS)
def test_cleaning_again_changes_next_to_nothing(image_format: str) -> None:
    once = clean_picture(encoded(drawing(), image_format), MOST)[0]
    twice = clean_picture(once, MOST)[0]
    assert differ(opened(once), opened(twice)) <= (0 if image_format in EXACT else LITTLE)


@pytest.mark.parametrize("image_format", FORMATS)
@pytest.mark.parametrize("length", [0, 1, 12, 60])
def test_a_broken_file_is_refused_in_a_sentence(image_format: str, length: int) -> None:
    content = encoded(drawing(), image_format)[:length]
    with pytest.raises(ValidationError, match=r"cannot be read as an image in .*\."):
        clean_picture(content, MOST)


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"%PDF-1.7", b"BM" + b"\0" * 100])
def test_what_is_no_such_image_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError, match="cannot be read as an image"):
        clean_picture(content, MOST)


def test_too_many_pixels_are_refused_before_they_are_painted() -> None:
    frames = [Image.new("1", (1000, 1000), turn % 2) for turn in range(4)]
    for image_format in ("GIF", "PNG", "WEBP"):
        content = encoded(frames[0], image_format, save_all=True, append_images=frames[1:])
        with pytest.raises(ValidationError) as error:
            clean_picture(content, 3_000_000)
        assert error.value.messages[0].endswith("3 million, frames taken together.")
    for side in (5001, 12_000, 20_000):
        with pytest.raises(ValidationError, match="too many pixels"):
            clean_picture(encoded(Image.new("1", (side, side)), "PNG"), MOST)


def test_names_of_the_tests_own_files_carry_the_secret_too() -> None:
    assert reveals(name("JPEG").encode())
