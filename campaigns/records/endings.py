"""How a petition ended well: what was done, when, and how long after what."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext


@dataclass(frozen=True)
class Outcome:
    """That a tie ended or a demand was met, which only counts since the petition began."""

    began_on: date
    # Of the act; None where its day is not known.
    acted_on: date | None
    # Whether the act is the tie's end, or whatever else met the demand.
    is_ending: bool
    delivered_on: date | None
    replied_on: date | None

    @property
    def came_before(self) -> bool:
        return self.acted_on is not None and self.acted_on < self.began_on

    @property
    def is_met(self) -> bool:
        """Whether the petition may claim it."""
        return self.acted_on is not None and not self.came_before

    @property
    def days(self) -> dict[str, int | None]:
        """From what the petition did to the act; None for what it had not done by then."""
        since = {
            "petition": self.began_on,
            "delivery": self.delivered_on,
            "reply": self.replied_on,
        }
        return {name: self._days_from(day) for name, day in since.items()}

    def _days_from(self, day: date | None) -> int | None:
        if not self.is_met or not self.acted_on or not day or day > self.acted_on:
            return None
        return (self.acted_on - day).days

    @property
    def told(self) -> str:
        """In sentences."""
        days = self.days
        return " ".join(filter(None, (self._act_told(), _since_delivery(days), _since_reply(days))))

    def _act_told(self) -> str:
        if self.came_before:
            return _before(self.is_ending)
        days = self.days["petition"]
        if days is None:
            return gettext("The tie has ended; the date is not known.")
        if days == 0:
            return _same_day(self.is_ending)
        return _later(self.is_ending, days) % {"days": days}


def outcome_of(
    began_on: date,
    has_ended: bool,
    ended_on: date | None,
    won_on: date | None,
    delivered_on: date | None,
    replied_on: date | None,
) -> Outcome | None:
    """What these days say together; None where nothing was done yet. The first act decides."""
    if not has_ended and won_on is None:
        return None
    acted_on = min(filter(None, (ended_on, won_on)), default=None)
    is_ending = has_ended and acted_on == ended_on
    return Outcome(began_on, acted_on, is_ending, delivered_on, replied_on)


def _before(is_ending: bool) -> str:
    if is_ending:
        return gettext("The tie had ended before this petition began.")
    return gettext("The demand had been met before this petition began.")


def _same_day(is_ending: bool) -> str:
    if is_ending:
        return gettext("The tie ended on the day this petition began.")
    return gettext("The demand was met on the day this petition began.")


def _later(is_ending: bool, days: int) -> str:
    if is_ending:
        return ngettext(
            "The tie ended %(days)s day after this petition began.",
            "The tie ended %(days)s days after this petition began.",
            days,
        )
    return ngettext(
        "The demand was met %(days)s day after this petition began.",
        "The demand was met %(days)s days after this petition began.",
        days,
    )


def _since_delivery(found: dict[str, int | None]) -> str:
    days = found["delivery"]
    if days is None:
        return ""
    if days == 0:
        return gettext("The petition was delivered that same day.")
    told = ngettext(
        "The petition had been delivered %(days)s day earlier.",
        "The petition had been delivered %(days)s days earlier.",
        days,
    )
    return told % {"days": days}


def _since_reply(found: dict[str, int | None]) -> str:
    days = found["reply"]
    if days is None:
        return ""
    if days == 0:
        return gettext("The reply came that same day.")
    told = ngettext(
        "The reply had come %(days)s day earlier.",
        "The reply had come %(days)s days earlier.",
        days,
    )
    return told % {"days": days}
