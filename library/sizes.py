"""The sizes in which pages show a picture: for each kind of browser, narrow, wide and dense."""

from collections.abc import Iterator

from wagtail.images.models import Picture, SourceImageIOError
from wagtail.images.shortcuts import get_renditions_or_not_found

from library.models import Image

# The first is for browsers that choose none. Each browser takes the first kind that it knows.
WIDTHS = (800, 480, 1200)
KINDS = ("avif", "webp", "jpeg")
SIZES = tuple(f"format-{kind}|width-{width}" for kind in KINDS for width in WIDTHS)
# Square, around the focal point, and three times as many as are shown of a speaker's face.
PORTRAITS = tuple(f"format-{kind}|fill-168x168-c100" for kind in KINDS)
# Columns of text are that wide at most.
SHOWN_WIDE = "(min-width: 46rem) 44rem, calc(100vw - 2.5rem)"
# In one go, so that a worker comes back to its jobs.
MOST = 5


def picture(image: Image) -> Picture:
    """Its `width` and `height` keep its place until it is there."""
    attrs = {"sizes": SHOWN_WIDE, "loading": "lazy", "decoding": "async"}
    return Picture(get_renditions_or_not_found(image, SIZES), attrs)


def portrait(image: Image) -> Picture:
    """Without words of its own: the name stands beside it."""
    attrs = {"alt": "", "class": "quote__face", "loading": "lazy", "decoding": "async"}
    return Picture(get_renditions_or_not_found(image, PORTRAITS), attrs)


def unready() -> Iterator[Image]:
    """The newest of those of which a size is missing."""
    yield from Image.objects.exclude(renditions__filter_spec=SIZES[-1]).order_by("-pk")


class Maker:
    """Makes sizes before somebody waits for them. What cannot be read is tried once."""

    def __init__(self) -> None:
        self.unreadable: set[int] = set()

    def make(self) -> None:
        images = (image for image in unready() if image.pk not in self.unreadable)
        for image, _number in zip(images, range(MOST), strict=False):
            try:
                image.get_renditions(*SIZES)
            except SourceImageIOError:
                self.unreadable.add(image.pk)


make = Maker().make
