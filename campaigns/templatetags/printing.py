"""What a page has for paper."""

from functools import lru_cache

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# More than the pages of most sites. It takes some milliseconds to make one.
MOST_KEPT = 2000


@register.simple_tag
@lru_cache(MOST_KEPT)
def qr_code(address: str) -> SafeString:
    """An address as a drawing for a phone's camera. It stands beside the address in words."""
    code = segno.make(address, error="m", micro=False, boost_error=False)
    svg = code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(svg)  # noqa: S308 - an address becomes squares
