"""What needs somebody's attention, for the summary on the admin's home. Each part adds its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.evidence.ledger import reviews_due
from campaigns.models import Tie, TieEvent
from campaigns.permissions import petition_policy, recipient_policy, tie_policy


@dataclass(frozen=True)
class Item:
    label: str
    count: int
    address: str


Source = Callable[[Any], Item | None]
_sources: list[Source] = []


def attention(source: Source) -> Source:
    """Registers a function that tells, for a user, what waits for them; None where nothing can."""
    _sources.append(source)
    return source


def items_for(user: User) -> list[Item]:
    """What waits for a user, apart from what does not wait."""
    items = [source(user) for source in _sources]
    return [item for item in items if item and item.count]


@attention
def evidence_to_review(user: User) -> Item | None:
    if not petition_policy.user_has_permission(user, "view"):
        return None
    return Item(_("Evidence to review"), reviews_due(user), reverse("evidence") + "?state=overdue")


@attention
def ties_without_source(user: User) -> Item | None:
    if not tie_policy.user_has_permission(user, "view"):
        return None
    known = TieEvent.objects.filter(tie=OuterRef("pk"))
    ties = Tie.objects.filter(~Exists(known), petitions__in=petition_policy.own(user)).distinct()
    address = reverse("wagtailsnippets_campaigns_tie:list")
    return Item(_("Ties without a source"), ties.count(), address)


@attention
def recipients_to_check(user: User) -> Item | None:
    if not recipient_policy.user_has_permission(user, "view"):
        return None
    due = recipient_policy.own(user).due(timezone.localdate())
    address = reverse("wagtailsnippets_campaigns_recipient:list") + "?due=true"
    return Item(_("Recipients to check"), due.count(), address)
