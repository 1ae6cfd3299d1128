"""How long the person stays in a signature. The reasons are in docs/decisions/keeping-signers.md"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from django.db import models
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Petition, PetitionEvent, Round, Tie, TieEvent
from signatures.models import Erasure, Hold, Signature
from translations.dates.months import months_after

# From the announcement of an erasure to its deed.
GRACE = timedelta(days=7)
# The last limit is announced so much ahead of it: the grace, and a day for a worker that is late.
AHEAD = GRACE + timedelta(days=1)


class Why(models.TextChoices):
    LIMIT = "limit", _("21 months since it opened")
    TIME = "time", _("six months since its closing time")
    CLOSED = "closed", _("six months since it was closed")
    WON = "won", _("six months since it was won")
    ENDED = "ended", _("six months since the tie ended")
    DELIVERED = "delivered", _("one month since it was delivered")


MONTHS = {**dict.fromkeys(Why, 6), Why.LIMIT: Petition.MONTHS_OPEN, Why.DELIVERED: 1}


@dataclass(frozen=True)
class Act:
    """What sets a period going, on a day or at a moment. A delivery concerns who signed by then.

    Of an end without a date only its entry is known.
    """

    petition: uuid.UUID
    why: Why
    when: date | datetime | None
    # Of the last limit, which each round has for itself: a closed one, or the one that goes on.
    round: int | None = None

    @property
    def key(self) -> str:
        """Tells it from every other act of its petition; another date makes it another act."""
        moment = self.when.astimezone(UTC) if isinstance(self.when, datetime) else self.when
        return f"{self.why.value} {moment.isoformat() if moment else ''}".strip()

    def due_at(self, recorded_at: datetime) -> datetime:
        """The end of its period, which begins at the later of the act and its entry.

        But for the last limit, which holds whatever is entered.
        """
        moment = _moment(self.when) or recorded_at
        if self.why != Why.LIMIT:
            moment = max(moment, recorded_at)
        return months_after(moment, MONTHS[self.why])

    def concerns(self, signed_on: date, in_round: int | None = None) -> bool:
        if self.why == Why.LIMIT:
            return self.round == in_round
        return self.why != Why.DELIVERED or signed_on <= cast(date, self.when)

    def signers(self) -> QuerySet[Any]:
        """The signatures that it concerns and that still have their person."""
        known = known_signers().filter(petition=self.petition)
        if self.why == Why.LIMIT:
            return known.filter(round=self.round)
        return known.filter(signed_on__lte=self.when) if self.why == Why.DELIVERED else known


def _moment(when: date | datetime | None) -> datetime | None:
    """The beginning of a day of the site's time zone, whoever looks at it."""
    if when is None or isinstance(when, datetime):
        return when
    return timezone.make_aware(datetime.combine(when, time.min), timezone.get_default_timezone())


def known_signers() -> QuerySet[Any]:
    """The signatures that still have their person, with the day on which they were made.

    Without those on legal hold, whose turn comes when it is over.
    """
    # Who sent it anew after a delivery is known until the next.
    signed = Greatest(Coalesce("confirmed_at", "asked_at"), "asked_at")
    return (
        Signature.objects.filter(anonymised_at=None)
        .not_held()
        .annotate(signed_on=TruncDate(signed, tzinfo=timezone.get_default_timezone()))
    )


def acts(petition: uuid.UUID | None = None) -> Iterator[Act]:
    """Of one petition, or of all; petitions without a known signer have nothing to wait for."""
    signed = Signature.objects.filter(petition=OuterRef("pk"))
    # Whoever sends it anew was there before.
    signed_at = Least("asked_at", Coalesce("confirmed_at", "asked_at"))
    first = signed.filter(round=None).annotate(signed_at=signed_at).order_by("signed_at")
    petitions = Petition.objects.filter(Exists(signed.filter(anonymised_at=None))).annotate(
        first_signed_at=Subquery(first.values("signed_at")[:1])
    )
    if petition:
        petitions = petitions.filter(pk=petition)
    for each in petitions.select_related("tie").prefetch_related("events", "tie__events"):
        yield from _acts_of(each)
    yield from _limits_of_closed_rounds(petition)


def _limits_of_closed_rounds(petition: uuid.UUID | None) -> Iterator[Act]:
    known = Signature.objects.filter(round=OuterRef("pk"), anonymised_at=None)
    rounds = Round.objects.filter(Exists(known))
    if petition:
        rounds = rounds.filter(petition=petition)
    for key, pk, opened_at in rounds.values_list("petition", "pk", "opened_at"):
        yield Act(key, Why.LIMIT, opened_at, pk)


def limit_of(petition: Petition) -> datetime:
    """From when its round's 21 months are counted, while that goes on."""
    limits = (act.when for act in acts(petition.pk) if act.why == Why.LIMIT and not act.round)
    return cast(datetime, next(limits, petition.opened_at))


def _acts_of(petition: Petition) -> Iterator[Act]:
    if petition.first_signed_at:
        opened_at = petition.opened_at or petition.created_at
        yield Act(petition.pk, Why.LIMIT, _opened_at(opened_at, petition.first_signed_at))
    if petition.closes_at:
        yield Act(petition.pk, Why.TIME, petition.closes_at)
    kinds = PetitionEvent.Kind
    whys = {kinds.CLOSED: Why.CLOSED, kinds.WON: Why.WON, kinds.DELIVERED: Why.DELIVERED}
    for event in petition.events.all():
        if event.kind in whys:
            yield Act(petition.pk, whys[event.kind], event.date)
    for day in _ends_of(petition.tie):
        yield Act(petition.pk, Why.ENDED, day)


def _opened_at(opened_at: datetime, first_signed_at: datetime) -> datetime:
    """Or the day of its first signature, if that came earlier.

    By the day, so that it stays the same when the signature's own time is cut to that.
    """
    first = first_signed_at.astimezone(UTC)
    if first.date() >= opened_at.astimezone(UTC).date():
        return opened_at
    return first.replace(hour=0, minute=0, second=0, microsecond=0)


def _ends_of(tie: Tie | None) -> Iterator[date | None]:
    """The days on which a tie ended, as far as nothing dated later says otherwise."""
    if tie is None or tie.status != Tie.Status.ENDED:
        return
    events = list(tie.events.all())
    revived = max(
        (e.date for e in events if e.date and e.kind != TieEvent.Kind.ENDED), default=None
    )
    for event in events:
        if event.kind != TieEvent.Kind.ENDED:
            continue
        if event.date is None and any(each.date for each in events):
            continue
        if not (revived and event.date and event.date < revived):
            yield event.date


@dataclass(frozen=True)
class Planned:
    """An act with what is known of the erasure that it leads to."""

    act: Act
    recorded_at: datetime
    announced_at: datetime | None = None
    stopped_until: datetime | None = None

    @property
    def due_at(self) -> datetime:
        return self.act.due_at(self.recorded_at)

    @property
    def announces_at(self) -> datetime:
        return self.due_at - AHEAD if self.act.why == Why.LIMIT else self.due_at

    def erases_at(self, now: datetime) -> datetime:
        announced_at = self.announced_at or max(self.announces_at, now)
        return max(self.due_at, announced_at + GRACE, self.stopped_until or self.due_at)


Plans = dict[uuid.UUID, list[Planned]]


def plans(now: datetime, petition: uuid.UUID | None = None) -> Plans:
    """What will be erased, by petition. What nobody has noticed yet counts as entered just now."""
    rows = {(row.petition_id, row.act): row for row in Erasure.objects.of(petition)}
    found: Plans = defaultdict(list)
    for act in acts(petition):
        row = rows.get((act.petition, act.key))
        known = (row.recorded_at, row.announced_at, row.stopped_until) if row else (now,)
        found[act.petition].append(Planned(act, *known))
    return found


def kept_until(signature: Signature, now: datetime) -> datetime | None:
    """When the person will be taken out of a signature, as things stand; None when they were."""
    signed_at = signature.confirmed_at or signature.asked_at
    signed_on = timezone.localdate(signed_at, timezone.get_default_timezone())
    found = plans(now, signature.petition_id)[signature.petition_id]
    planned = _first(found, (signed_on, signature.round_id), now)
    if planned is None or signature.anonymised_at:
        return None
    hold = Hold.objects.active().filter(signature=signature).first()
    return max(planned.erases_at(now), hold.until) if hold else planned.erases_at(now)


@dataclass(frozen=True)
class Sooner:
    """Signers of a petition who would be erased sooner than before, the first of them then."""

    petition: uuid.UUID
    number: int
    erases_at: datetime
    why: Why


def brought_forward(before: Plans, after: Plans, now: datetime) -> list[Sooner]:
    changed = [pk for pk in after if after[pk] != before.get(pk)]
    found = (_sooner(pk, before.get(pk, []), after[pk], now) for pk in changed)
    return [each for each in found if each]


def _sooner(
    pk: uuid.UUID, before: list[Planned], after: list[Planned], now: datetime
) -> Sooner | None:
    signed = known_signers().filter(petition=pk).order_by().values_list("signed_on", "round")
    number, first = 0, None
    for *when, count in signed.annotate(Count("pk")):
        old, new = (_first(planned, when, now) for planned in (before, after))
        if new and (old is None or new.erases_at(now) < old.erases_at(now)):
            number += count
            first = min(filter(None, (first, new)), key=lambda each: each.erases_at(now))
    return Sooner(pk, number, first.erases_at(now), first.act.why) if first else None


def _first(planned: list[Planned], when: Sequence[Any], now: datetime) -> Planned | None:
    """Of those who signed on a day, in a round."""
    concerned = [each for each in planned if each.act.concerns(*when)]
    return min(concerned, key=lambda each: each.erases_at(now), default=None)
