"""Images of the library."""

from django.core.files.base import ContentFile

from library.models import Image
from tests.library.dirty_pictures import drawing, encoded


def made_image(**rights: str) -> Image:
    file = ContentFile(encoded(drawing(), "PNG"), "x.png")
    image: Image = Image.objects.create(title="IMG_2034", file=file, **rights)
    return image
