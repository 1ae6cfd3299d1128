"""Cards at their addresses, which change with what they say."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from campaigns.models import Petition
from cards.kept import card_of, cards
from cards.models import Card
from library.pictures import KEEP_SECONDS

WORDLESS = "img/share.png"
# How long whoever has an old address is led on without asking again.
OLD_SECONDS = 60


@require_safe
def card(request: HttpRequest, language: str, petition: UUID, digest: str) -> HttpResponseBase:
    """The card, or the one that has taken its place."""
    found = cards().get((petition, language))
    if found is None or found.digest != digest:
        return led_on(petition, language)
    return drawn(found) or HttpResponseRedirect(static(WORDLESS))


def drawn(card: Card) -> HttpResponseBase | None:
    try:
        file = default_storage.open(card.file)
    except FileNotFoundError:
        return None
    response = FileResponse(file, content_type="image/png")
    patch_cache_control(response, public=True, max_age=KEEP_SECONDS, immutable=True)
    return response


def led_on(petition: UUID, language: str) -> HttpResponseBase:
    asked = Petition.objects.filter(pk=petition).only("parent").first()
    if asked is None:
        raise Http404
    now = card_of(petition, asked.parent_id, language)
    response = HttpResponseRedirect(now.address if now else static(WORDLESS))
    patch_cache_control(response, public=True, max_age=OLD_SECONDS)
    return response
