"""What a city's page shows of its campaign, and what of it is hidden, in every language at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import QueryDict
from wagtail.log_actions import log

from accounts.models import User
from campaigns.impact import words_of
from campaigns.models import PetitionPage

LOG_INHERITED = "campaigns.hide_blocks"


@dataclass(frozen=True)
class InheritedItem:
    id: str
    icon: str
    kind: str
    words: str
    is_shown: bool


def inherited_items(page: PetitionPage) -> list[InheritedItem]:
    hidden = set(page.petition.hidden_blocks)
    return [
        InheritedItem(
            block.id,
            block.block.meta.icon,
            str(block.block.label),
            words_of(block),
            block.id not in hidden,
        )
        for block in page.inheritable_blocks
    ]


def as_asked(found: list[InheritedItem], data: QueryDict | None) -> list[InheritedItem]:
    """As somebody ticked them; what was not there to be ticked stays as it is."""
    if data is None:
        return found
    listed, shown = data.getlist("listed"), data.getlist("shown")
    return [
        replace(item, is_shown=item.id in shown) if item.id in listed else item for item in found
    ]


def show_only(page: PetitionPage, shown: Iterable[str], user: User) -> None:
    """Hides the other blocks that are there: an id of one that was deleted is forgotten."""
    petition, kept = page.petition, set(shown)
    petition.hidden_blocks = [item.id for item in inherited_items(page) if item.id not in kept]
    petition.save(update_fields=["hidden_blocks"])
    data = {"hidden": petition.hidden_blocks}
    log(instance=petition, action=LOG_INHERITED, user=user, data=data)
