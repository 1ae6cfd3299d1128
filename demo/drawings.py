"""The demo's pictures, drawn for it. Like a photograph from a phone, each carries a position,
a camera and a name, which the library takes out before it stores a picture.
"""

from collections.abc import Callable
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import ExifTags, Image, ImageDraw

from library.models import Image as LibraryImage

WIDTH, HEIGHT = 1200, 675
SKY, GROUND, DARK, BRICK = "#8fb8de", "#e8c547", "#22313f", "#b5654a"
Pen = ImageDraw.ImageDraw


def bridge(pen: Pen) -> None:
    """A bridge whose middle is gone."""
    pen.rectangle((0, 480, WIDTH, HEIGHT), fill="#3f6c8f")
    for left, right in ((0, 500), (700, WIDTH)):
        pen.rectangle((left, 360, right, 395), fill=DARK)
        for x in range(left + 60, right - 20, 160):
            pen.rectangle((x, 395, x + 28, 560), fill=DARK)
    pen.polygon([(500, 360), (530, 372), (512, 380), (536, 395), (500, 395)], fill=DARK)
    pen.polygon([(700, 360), (672, 376), (690, 384), (664, 395), (700, 395)], fill=DARK)


def field(pen: Pen) -> None:
    """Sunflowers below a clear sky."""
    pen.rectangle((0, 330, WIDTH, HEIGHT), fill=GROUND)
    for row in range(5):
        y, size = 370 + row * 62, 14 + row * 6
        for x in range(-40 + row * 23, WIDTH + 60, 84 + row * 14):
            pen.line((x, y, x, y + size * 3), fill="#4f7942", width=4 + row)
            pen.ellipse((x - size, y - size, x + size, y + size), fill="#f4a900")
            pen.ellipse((x - size / 2, y - size / 2, x + size / 2, y + size / 2), fill="#5b3a1e")


def house(pen: Pen) -> None:
    """An apartment house with some windows burned out."""
    pen.rectangle((0, 590, WIDTH, HEIGHT), fill="#6b705c")
    pen.rectangle((230, 110, 970, 590), fill=BRICK)
    for number in range(35):
        x, y = 275 + number % 7 * 98, 150 + number // 7 * 84
        burned = number in (9, 10, 16, 17, 18, 24)
        if burned:
            pen.ellipse((x - 16, y - 34, x + 66, y + 58), fill="#4a2f27")
        pen.rectangle((x, y, x + 50, y + 50), fill="#111111" if burned else "#d7e3ec")


DRAWINGS: dict[str, tuple[str, Callable[[Pen], None]]] = {
    "bridge": ("PNG", bridge),
    "field": ("JPEG", field),
    "house": ("WEBP", house),
}


def get_drawing(name: str) -> LibraryImage:
    """The image of the library, made if it is missing. Raises: KeyError."""
    image_format, draw = DRAWINGS[name]
    title = f"Demo: {name}"
    found: LibraryImage | None = LibraryImage.objects.filter(title=title).first()
    if found is not None:
        return found
    picture = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    draw(ImageDraw.Draw(picture))
    out = BytesIO()
    picture.save(out, image_format, exif=_camera_data())
    file = ContentFile(out.getvalue(), f"IMG_2026_{name}.{image_format.lower()}")
    made: LibraryImage = LibraryImage.objects.create(title=title, file=file)
    return made


def _camera_data() -> Image.Exif:
    data = Image.Exif()
    data[ExifTags.Base.Make], data[ExifTags.Base.Model] = "Demo", "Demo Phone 7"
    data[ExifTags.Base.Artist] = "Demo Photographer"
    data[ExifTags.Base.DateTime] = "2026:05:04 03:02:01"
    data[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: (50.0, 27.0, 0.0),
        ExifTags.GPS.GPSLongitudeRef: "E",
        ExifTags.GPS.GPSLongitude: (30.0, 31.0, 24.0),
    }
    return data
