"""How old is what is known of a tie, and what may still be said of it.

Age changes what is said, never what can be signed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from campaigns.records.ties import Tie, TieQuerySet

# Of these nobody knows for long whether they are still so. What has ended stays so.
AGING = (Tie.Status.ACTIVE, Tie.Status.SUSPENDED)
# How many of the campaign's terms pass until a status is told no more.
STALE = 2


@dataclass(frozen=True)
class Knowledge:
    """What events say of a tie, and when somebody last saw that it is still so."""

    status: Tie.Status
    # The day of the event that says so.
    reported_on: date | None
    checked_at: datetime | None
    # The campaign's term; None where no status grows old.
    days: int | None
    now: datetime = field(default_factory=timezone.now, compare=False)
    # The day on which the demand was met, which may have changed it.
    won_on: date | None = None

    def is_older_than(self, terms: int) -> bool:
        """One that nobody has ever checked is older than any term."""
        if self.days is None or self.status not in AGING:
            return False
        return self.checked_at is None or self.checked_at <= self.now - terms * of(self.days)

    @property
    def is_due(self) -> bool:
        """Whether somebody is to look again."""
        return self.is_older_than(1)

    @property
    def is_overtaken(self) -> bool:
        """Whether the demand was met since somebody knew how the tie stands."""
        if self.won_on is None or self.status not in AGING:
            return False
        checked_on = self.checked_at and timezone.localdate(self.checked_at)
        return all(day is None or day < self.won_on for day in (self.reported_on, checked_on))

    @property
    def told_status(self) -> Tie.Status:
        is_past = self.is_older_than(STALE) or self.is_overtaken
        return Tie.Status.UNKNOWN if is_past else self.status

    @property
    def last_known(self) -> str:
        """Where the status is told no more: what it was."""
        if self.told_status == self.status:
            return ""
        if self.reported_on is None:
            return gettext("last known: %(status)s") % {"status": self.status.label}
        told = {"status": self.status.label, "day": date_format(self.reported_on)}
        return gettext("last known: %(status)s, %(day)s") % told

    @property
    def age_told(self) -> str:
        """Since when nobody has looked; empty of what does not grow old."""
        if self.checked_at is None or self.status not in AGING or self.is_overtaken:
            return ""
        day = date_format(timezone.localtime(self.checked_at), "DATE_FORMAT")
        if self.days is None or not self.is_due:
            return gettext("Checked on %(day)s.") % {"day": day}
        days = self.days * (STALE if self.is_older_than(STALE) else 1)
        told = ngettext(
            "Last checked on %(day)s, more than %(days)s day ago.",
            "Last checked on %(day)s, more than %(days)s days ago.",
            days,
        )
        return told % {"day": day, "days": days}


def of(days: int) -> timedelta:
    return timedelta(days=days)


def older_than(ties: TieQuerySet, days: int, now: datetime) -> TieQuerySet:
    """Those that `Knowledge.is_older_than` so many days, told by the database."""
    unseen = Q(checked_at=None) | Q(checked_at__lte=now - of(days))
    return ties.with_status().filter(unseen, status_now__in=AGING)


def next_aging(terms: Iterable[int], now: datetime) -> datetime | None:
    """The next moment at which pages of some campaign say something else of a tie, for its age."""
    spans = {f"{days}x{times}": (days, times) for days in terms for times in (1, STALE)}
    oldest = Tie.objects.aggregate(
        **{
            name: Min(
                "checked_at",
                filter=Q(checked_at__gt=now - times * of(days), petitions__parent__check_days=days),
            )
            for name, (days, times) in spans.items()
        }
    )
    moments = [
        oldest[name] + times * of(days) for name, (days, times) in spans.items() if oldest[name]
    ]
    return min(moments, default=None)
