"""Cards at their addresses, which change with what they say."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from campaigns.models import Petition
from cards.kept import cards
from cards.models import Card
from library.pictures import KEEP_SECONDS

WORDLESS = "img/share.png"
# How long whoever has an old address is led on without asking again.
OLD_SECONDS = 60


@require_safe
def card(request: HttpRequest, language: str, petition: UUID, digest: str) -> HttpResponseBase:
    """The card, or the one that has taken its place: its own or its campaign's.

    The worker takes away what nobody may see any more, but may have much to do before.
    """
    asked = get_object_or_404(Petition.objects.select_related("parent"), pk=petition)
    found = next(
        (each for each in (asked, asked.parent) if each and is_shown(each, language)), None
    )
    if found is None:
        return led_to(static(WORDLESS))
    now = cards()[found.pk, language]
    if now.address != request.path:
        return led_to(now.address)
    return drawn(now) or HttpResponseRedirect(static(WORDLESS))


def is_shown(petition: Petition, language: str) -> bool:
    """Whether it has a card, and everybody can see its page."""
    has_card = (petition.pk, language) in cards()
    return has_card and petition.live_page(language) is not None


def drawn(card: Card) -> HttpResponseBase | None:
    try:
        file = default_storage.open(card.file)
    except FileNotFoundError:
        return None
    response = FileResponse(file, content_type="image/png")
    patch_cache_control(response, public=True, max_age=KEEP_SECONDS, immutable=True)
    return response


def led_to(address: str) -> HttpResponseBase:
    response = HttpResponseRedirect(address)
    patch_cache_control(response, public=True, max_age=OLD_SECONDS)
    return response
