"""How a tie and its petition stand, and which of a campaign's words are said of it.

What is signed, a page's heading and its ask, goes by events alone: what somebody read is not
changed by a clock. All else is told as it is now.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.records.petitions import Petition, PetitionEvent
from campaigns.records.ties import Tie

# What no words are wanted for: a tie that is not there, or a petition in whatever state.
ANY = "any"
_ANY = pgettext_lazy("status or state", "any")
STATUSES = ((ANY, _ANY), *Tie.Status.choices)
# A petition whose tie has ended is in no state of its own.
STATES = ((ANY, _ANY), *(each for each in Petition.State.choices if each[0] != "ended"))

Key = tuple[str, str]
# A campaign's texts by their names, for a status and a state.
Wordings = Mapping[Key, Mapping[str, Any]]


@dataclass(frozen=True)
class Standing:
    status: str
    state: str

    @property
    def is_plain(self) -> bool:
        """Whether the tie stands and can be signed against, as a campaign's own patterns say."""
        return self.is_demanded and self.state == Petition.State.OPEN

    @property
    def is_demanded(self) -> bool:
        """Whether the demand is one still: the tie stands, and nobody has met the demand."""
        over = (Petition.State.WON, Petition.State.ENDED)
        return self.status in (ANY, Tie.Status.ACTIVE) and self.state not in over

    @property
    def keys(self) -> list[Key]:
        """What the words may be written for, the most fitting first."""
        if self.state == Petition.State.ENDED:
            return [(Tie.Status.ENDED, ANY)]
        by_state, by_status = (ANY, self.state), (self.status, ANY)
        is_open = self.state == Petition.State.OPEN
        # How the tie stands is news where people can sign; where they cannot, that is.
        rest = [by_status, by_state] if is_open else [by_state, by_status]
        return [(self.status, self.state), *rest]

    def choose(self, wordings: Wordings, *names: str) -> str:
        """The most fitting text of one of these names, the first where there are several."""
        for key in self.keys:
            for name in names:
                if text := wordings.get(key, {}).get(name):
                    return str(text)
        return ""


class Step(TextChoices):
    """How far a city's petition has come, from the first to the last."""

    NOT_CONTACTED = "not_contacted", _("not contacted")
    CONTACTED = "contacted", pgettext_lazy("step", "contacted")
    DELIVERED = "delivered", pgettext_lazy("step", "delivered")
    ANSWERED = "answered", _("answered")
    HEARING = "hearing", pgettext_lazy("step", "hearing")
    SUSPENDED = "suspended", pgettext_lazy("step", "tie suspended")
    ENDED = "ended", pgettext_lazy("step", "tie ended")


# What happened to a petition, the farthest first.
FARTHEST = {
    PetitionEvent.Kind.HEARING: Step.HEARING,
    PetitionEvent.Kind.REPLIED: Step.ANSWERED,
    PetitionEvent.Kind.DELIVERED: Step.DELIVERED,
    PetitionEvent.Kind.CONTACTED: Step.CONTACTED,
}


def step_of(status: Tie.Status, happened: Container[str]) -> Step:
    """By how the tie is told to stand, and the kinds of what happened to the petition."""
    if status in (Tie.Status.SUSPENDED, Tie.Status.ENDED):
        return Step(status)
    found = (step for kind, step in FARTHEST.items() if kind in happened)
    return next(found, Step.NOT_CONTACTED)


@dataclass(frozen=True)
class Rung:
    step: Step
    is_reached: bool
    is_current: bool


def step_on(petition: Petition) -> Step | None:
    """How far it has come; the campaign's own petition goes to no city."""
    if petition.known is None:
        return None
    return step_of(petition.known.told_status, petition.first_days)


def ladder(petition: Petition) -> list[Rung]:
    """All steps: those that were taken, which need not be all below the one it stands on."""
    current = step_on(petition)
    taken = {each for kind, each in FARTHEST.items() if kind in petition.first_days}
    return [Rung(each, each in taken, each == current) for each in Step] if current else []


def signed(petition: Petition | None) -> Standing:
    """By what has happened, whatever the time."""
    if petition is None:
        return Standing(ANY, Petition.State.OPEN)
    return Standing(petition.tie.status if petition.tie else ANY, petition.settled_state)


def told(petition: Petition | None) -> Standing:
    """As it is now."""
    if petition is None:
        return Standing(ANY, Petition.State.OPEN)
    state = petition.state()
    if state == Petition.State.ENDED:
        return Standing(Tie.Status.ENDED, state)
    return Standing(petition.told_status or ANY, state)


def key_of(value: Mapping[str, Any]) -> Key:
    """What a block's words are for; those of a campaign's own petition name no status."""
    return value.get("status") or ANY, value.get("state") or ANY


def wordings(stream: Iterable[Any]) -> Wordings:
    """Of a page's blocks."""
    return {key_of(block.value): block.value for block in stream}
