"""Pictures are painted anew: only pixels, the color profile and the times of frames are kept."""

from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import get_sampling

from library.cleaning import gif

# A photograph with a second one, or a film, behind it opens as MPO; its first picture counts.
FORMATS = {
    "JPEG": "JPEG",
    "MPO": "JPEG",
    "PNG": "PNG",
    "WEBP": "WEBP",
    "AVIF": "AVIF",
    "GIF": "GIF",
}
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif", "GIF": ".gif"}
UNREADABLE = gettext_lazy("This file cannot be read as an image in JPEG, PNG, WebP, AVIF or GIF.")
# Renditions are made from what is kept, so little may be lost here.
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"optimize": True},
    "PNG": {},
    "WEBP": {"quality": 95, "method": 2},
    # A slower encoder would take a minute for the largest pictures.
    "AVIF": {"quality": 90, "speed": 10},
}


def clean_picture(content: bytes, most_pixels: int) -> tuple[bytes, str]:
    """The same picture with nothing else in the file, and the suffix that fits its format.

    Raises: ValidationError, if it cannot be read or has more pixels, in all frames together.
    """
    try:
        with Image.open(BytesIO(content), formats=list(SUFFIXES)) as picture:
            image_format = FORMATS.get(str(picture.format), str(picture.format))
            count = 1 if image_format == "JPEG" else getattr(picture, "n_frames", 1)
            if picture.width * picture.height * count > most_pixels:
                raise _too_many_pixels(most_pixels)
            frames, times = _frames(picture, count)
            if image_format == "GIF":
                return gif.strip(content), SUFFIXES["GIF"]
            options = OPTIONS[image_format] | _quality(picture) | _animation(picture, times)
            return _encode(frames, image_format, options), SUFFIXES[image_format]
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(most_pixels) from error
    except Exception as error:  # Each of Pillow's decoders has errors of its own.
        raise ValidationError(UNREADABLE, "invalid_image") from error


def _too_many_pixels(most: int) -> ValidationError:
    return ValidationError(
        _("This image has too many pixels: it may have %(most)s million, frames taken together."),
        code="file_too_many_pixels",
        params={"most": most // 1_000_000},
    )


def _frames(picture: Image.Image, count: int) -> tuple[list[Any], list[int]]:
    """Every frame, upright, with how long it stays, in milliseconds."""
    frames, times = [], []
    for number in range(count):
        picture.seek(number)
        picture.load()
        frame = ImageOps.exif_transpose(picture)
        # Which of the palette's colors is none.
        frame.info = {name: frame.info[name] for name in ("transparency",) if name in frame.info}
        frames.append(frame)
        times.append(round(picture.info.get("duration", 0)))
    return frames, times


def _quality(picture: Image.Image) -> dict[str, Any]:
    """A JPEG is encoded as finely as it was: finer would make it larger, not better."""
    options = {"icc_profile": picture.info.get("icc_profile")}
    if hasattr(picture, "quantization"):
        options |= {"qtables": picture.quantization, "subsampling": get_sampling(picture)}
    return options


def _animation(picture: Image.Image, times: list[int]) -> dict[str, Any]:
    if len(times) == 1:
        return {}
    # An animated PNG may have a picture before it, for those who show no animation.
    has_cover = picture.info.get("default_image", False)
    options = {"save_all": True, "duration": times[1:] if has_cover else times}
    if "loop" in picture.info:
        options["loop"] = picture.info["loop"]
    return options | ({"default_image": True} if has_cover else {})


def _encode(frames: list[Any], image_format: str, options: dict[str, Any]) -> bytes:
    first, *others = frames
    more = {"append_images": others} if others else {}
    out = BytesIO()
    first.save(out, image_format, **options, **more)
    return out.getvalue()
