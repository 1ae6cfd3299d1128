"""The demo's pictures, drawn for it. Like a photograph from a phone, each carries a position,
a camera and a name, which the library takes out before it stores a picture.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import ExifTags, Image, ImageDraw

from demo import scenes
from library.models import Image as LibraryImage
from library.rights import License

# Drawn twice as large, so that edges are smooth.
SIZE = (scenes.WIDTH // 2, scenes.HEIGHT // 2)
RIGHTS = {"credit": "Pidpys", "credit_language": "en", "license": License.OWN_WORK}


@dataclass(frozen=True)
class Drawing:
    image_format: str
    draw: Callable[[scenes.Pen], None]
    description: str


DRAWINGS = {
    "bridge": Drawing("PNG", scenes.bridge, "A stone bridge whose middle has fallen"),
    "field": Drawing("JPEG", scenes.field, "Rows of sunflowers below a clear sky"),
    "hall": Drawing("PNG", scenes.hall, "A city hall beside a Ukrainian flag"),
    "harbor": Drawing("WEBP", scenes.harbor, "An empty quay with a cut rope"),
    "house": Drawing("WEBP", scenes.house, "An apartment house with burned-out windows"),
    "line": Drawing("PNG", scenes.line, "A map: the line between two cities is cut"),
    "rivers": Drawing("JPEG", scenes.rivers, "A map: two rivers that turn away from each other"),
}


def get_drawing(name: str) -> LibraryImage:
    """The image of the library, made if it is missing. Raises: KeyError."""
    drawing = DRAWINGS[name]
    title = f"Demo: {name}"
    found: LibraryImage | None = LibraryImage.objects.filter(title=title).first()
    if found is not None:
        return found
    out = BytesIO()
    drawn(drawing).save(out, drawing.image_format, quality=90, exif=_camera_data())
    file = ContentFile(out.getvalue(), f"IMG_2026_{name}.{drawing.image_format.lower()}")
    made: LibraryImage = LibraryImage.objects.create(
        title=title, file=file, description=drawing.description, **RIGHTS
    )
    return made


def drawn(drawing: Drawing) -> Image.Image:
    picture = Image.new("RGB", (scenes.WIDTH, scenes.HEIGHT))
    drawing.draw(ImageDraw.Draw(picture))
    return picture.resize(SIZE, Image.Resampling.LANCZOS)


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
