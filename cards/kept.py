"""The cards as every process keeps them, until their version moves: pages ask for one each time."""

from uuid import UUID

from cards.models import Card
from pagecache.versions import FORGET, PAGES

CARDS = "cards"
SHOWN = ("language", "digest", "alt", "petition__parent")

_kept: dict[tuple[UUID, str], Card] = {}
_is_known = False


def forget() -> None:
    global _is_known
    _is_known = False


def connect() -> None:
    FORGET[CARDS] = [forget]
    # Where the page cache is on, a page is not rendered anew with the card that it had.
    FORGET[PAGES].append(forget)


def cards() -> dict[tuple[UUID, str], Card]:
    global _kept, _is_known
    if not _is_known:
        _is_known = True
        rows = Card.objects.select_related("petition").only(*SHOWN)
        _kept = {(card.petition_id, card.language): card for card in rows}
    return _kept


def card_of(petition: UUID, parent: UUID | None, language: str) -> Card | None:
    """Its own; until that is drawn, its campaign's."""
    found = cards().get((petition, language))
    return found or (cards().get((parent, language)) if parent else None)


def only_campaigns(language: str) -> Card | None:
    """For the site's other pages: of the campaign, where there is one alone."""
    found = [
        card
        for (_petition, spoken), card in cards().items()
        if spoken == language and card.petition.parent_id is None
    ]
    return found[0] if len(found) == 1 else None
