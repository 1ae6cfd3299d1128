from django import template
from wagtail.images.models import Picture

from library import sizes
from library.models import Image

register = template.Library()


@register.simple_tag
def speakers_portrait(image: Image) -> Picture:
    return sizes.portrait(image)


@register.simple_tag
def shown_picture(image: Image) -> Picture:
    """In the sizes of pages."""
    return sizes.picture(image)
