"""What a page says of its card."""

from typing import NamedTuple

from django import template
from django.templatetags.static import static
from django.utils.translation import get_language, gettext

from cards.drawing import HEIGHT, WIDTH
from cards.kept import card_of, only_campaigns
from cards.views import WORDLESS

register = template.Library()


class Shown(NamedTuple):
    address: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


@register.simple_tag
def share_card(page: object) -> Shown:
    """Of the petition that a page is about, else of the campaign, else one without words."""
    petition = getattr(getattr(page, "petition_page", page), "petition", None)
    language = get_language() or ""
    card = (
        card_of(petition.pk, petition.parent_id, language) if petition else only_campaigns(language)
    )
    if card:
        return Shown(card.address, card.alt)
    return Shown(static(WORDLESS), gettext("Two dots with a cut line between them"))
