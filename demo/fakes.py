"""Signatures that do not count: what programs sent, so that the desk has waves and the page what
became of them, and those of a round that is closed.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from campaigns.models import Petition, PetitionEvent, Round
from demo.content import Item
from demo.signers import SPAN, Crowd
from integrity.models import Wave
from signatures.mailboxes import parse
from signatures.models import ExpiredNumber, HashKey, Invalidation, Signature, Submission
from signatures.person import PERSON, middle_of_day
from signatures.release import Release
from translations.dates.months import months_after, months_before

# Nobody else's number.
FIRST = 900_000
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
# A domain that nobody else can have, and one of throwaway mailboxes.
OWN_DOMAIN, THROWN_AWAY = "votes.example.net", "mailinator.com"
OLD, NEW = 84, 64
PENDING_IN_A_CITY = 9
EXPIRED_WEEKS = 18
# In a round that went on for so many months.
EARLIER, MONTHS = 212, 20
NOTE = "84 signatures within 40 minutes, all of one email domain that is not registered."


@dataclass(frozen=True)
class Burst:
    """Signatures of one source, spread over a time."""

    number: int
    domain: str
    since: datetime
    lasts: timedelta

    def moments(self) -> Iterator[datetime]:
        for place in range(self.number):
            yield self.since + self.lasts * place / self.number

    def wave(self, petition: Petition, what: Wave.What, **more: Any) -> Wave:
        until = self.since + self.lasts
        times = {"since": self.since, "until": until, "told_at": until}
        return Wave(petition=petition, what=what, number=self.number, share=0.9, **times, **more)


def add_fakes(campaign: Petition, people: Item, moderator: User, now: datetime) -> None:
    """In the three largest cities, and what waits or has expired in each."""
    cities = list(Petition.objects.filter(parent=campaign).order_by("created_at", "id"))
    open_ones = [each for each in cities if each.settled_state == Petition.State.OPEN]
    crowd = Crowd(people, campaign, now, first=FIRST)
    invalidated(open_ones[0], crowd, moderator, now - 12 * DAY)
    in_review(open_ones[1], crowd, now - 3 * HOUR)
    in_closed_round(open_ones[2], crowd, now - SPAN - DAY)
    for petition in open_ones:
        burst = Burst(PENDING_IN_A_CITY, "example.org", now - 6 * DAY, 5 * DAY)
        Signature.objects.bulk_create(made(petition, crowd, burst))
        expired(petition, crowd, now)


def made(petition: Petition, crowd: Crowd, burst: Burst) -> list[Signature]:
    """None of them confirmed."""
    texts = {text.language: text for text in petition.texts.order_by("created_at")}
    rows = list(crowd.signatures(petition, burst.number, texts))
    for number, (row, moment) in enumerate(zip(rows, burst.moments(), strict=True)):
        row.email = f"demo-{row.pk.hex[:8]}{number}@{burst.domain}"
        row.mailbox_key = parse(row.email).key(crowd.keys)
        row.status, row.confirmed_at, row.asked_at = Signature.Status.PENDING, None, moment
        row.show_name, row.comment = False, ""
        row.name_state = row.comment_state = Release.NONE
    return rows


def invalidated(petition: Petition, crowd: Crowd, by: User, since: datetime) -> None:
    """Confirmed by a program, and taken out of the count the same day."""
    burst = Burst(OLD, OWN_DOMAIN, since, HOUR * 2 / 3)
    at = since + 5 * HOUR
    act = Invalidation.objects.create(
        reason=Invalidation.Reason.AUTOMATED,
        note=NOTE,
        made_by=by,
        made_at=at,
        petition=petition,
        number=burst.number,
    )
    rows = made(petition, crowd, burst)
    for row in rows:
        row.confirmed_at = row.asked_at + timedelta(seconds=4)
        row.status, row.invalidation, row.invalidated_at = Signature.Status.INVALIDATED, act, at
    Signature.objects.bulk_create(rows)
    burst.wave(petition, Wave.What.DOMAIN, state=Wave.State.OVER, ended_at=at).save()


def in_closed_round(petition: Petition, crowd: Crowd, closed_at: datetime) -> None:
    """Their petition goes on in its second round; the people are erased since."""
    opened_at = months_before(closed_at, MONTHS)
    closed = Round.objects.create(
        petition=petition, number=1, opened_at=opened_at, closed_at=closed_at, signatures=EARLIER
    )
    erased_at = middle_of_day(months_after(opened_at, Petition.MONTHS_OPEN))
    rows = made(petition, crowd, Burst(EARLIER, "example.org", opened_at, closed_at - opened_at))
    for row in rows:
        row.asked_at = row.confirmed_at = middle_of_day(row.asked_at)
        row.status, row.round, row.anonymised_at = Signature.Status.CONFIRMED, closed, erased_at
        row.mailbox_key = str(row.pk)
        for name, empty in PERSON.items():
            setattr(row, name, empty)
    Signature.objects.bulk_create(rows)
    Petition.objects.filter(pk=petition.pk).update(reopened_at=closed_at)
    launched = petition.events.filter(kind=PetitionEvent.Kind.LAUNCHED)
    launched.update(date=petition.local_time(opened_at).date())


def in_review(petition: Petition, crowd: Crowd, since: datetime) -> None:
    """A third of them confirmed; whoever works here decides."""
    burst = Burst(NEW, THROWN_AWAY, since, HOUR / 2)
    rows = made(petition, crowd, burst)
    for number, row in enumerate(rows):
        row.held_at = since + HOUR / 4
        if number % 3 == 0:
            row.confirmed_at = row.asked_at + timedelta(seconds=30)
            row.status = Signature.Status.CONFIRMED
    Signature.objects.bulk_create(rows)
    Submission.objects.bulk_create(sent(row) for row in rows)
    burst.wave(petition, Wave.What.DISPOSABLE).save()


def sent(row: Signature) -> Submission:
    """What the form brought, mailed at once."""
    site = HashKey.of(None)
    names = ("name", "name_key", "email", "country", "lives_here", "home_city_id", "discreet")
    details = {name: getattr(row, name) for name in names}
    return Submission(
        signature=row,
        text=row.text,
        language=row.language,
        details={**details, "country": str(row.country), "answers": {}, "proposal": {}},
        content_key=site.hash(str(uuid.uuid4())),
        mailbox=parse(row.email).key(site),
        created_at=row.asked_at,
        confirmed_at=row.confirmed_at,
        is_waiting=False,
        mailed_at=row.asked_at,
        domain_key=site.hash(THROWN_AWAY),
        domain=THROWN_AWAY,
        is_disposable=True,
    )


def expired(petition: Petition, crowd: Crowd, now: datetime) -> None:
    ExpiredNumber.objects.bulk_create(
        ExpiredNumber(
            petition=petition,
            day=(now - week * WEEK).date(),
            language=language,
            number=crowd.random.randint(1, 5),
        )
        for week in range(2, EXPIRED_WEEKS)
        for language in ("en", "uk")
    )
