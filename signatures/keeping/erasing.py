"""Takes the person out of signatures, but not before it was announced."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField
from django.db.models.functions import Cast

from signatures.keeping.retention import Planned, Plans, Why, plans
from signatures.lifecycle import erase_people as erase_people
from signatures.models import Erasure, Signature

# Longer unseen, because no worker ran or the clock jumped, an announcement counts anew. An hour
# more than a day, for sites whose worker is started once a day.
UNSEEN_FOR = timedelta(hours=25)
STOP = timedelta(days=30)


def run(now: datetime) -> int:
    """Notices, announces and, once the grace is over, erases. Any number may run at once."""
    waiting = [
        each.act
        for planned in notice(now).values()
        for each in planned
        if each.announced_at or each.announces_at <= now
    ]
    return sum(_attend(act.petition, act.key, now) for act in waiting)


def notice(now: datetime) -> Plans:
    """Writes down since when each act is known, and forgets the acts that were corrected."""
    # Before the acts: of an act that comes in between, the row is not taken for a stale one.
    rows = {(row.petition_id, row.act): row.pk for row in Erasure.objects.all()}
    planned = plans(now)
    known = {(pk, each.act.key) for pk, found in planned.items() for each in found}
    Erasure.objects.filter(pk__in=[rows[key] for key in rows.keys() - known]).delete()
    Erasure.objects.bulk_create(
        [Erasure(petition_id=pk, act=act, recorded_at=now) for pk, act in known - rows.keys()],
        ignore_conflicts=True,
    )
    return planned


@transaction.atomic
def _attend(petition: uuid.UUID, key: str, now: datetime) -> int:
    """Announces one erasure, or does it, by what is true once nobody else can correct it."""
    row = Erasure.objects.select_for_update().filter(petition=petition, act=key).first()
    planned = next((each for each in plans(now, petition)[petition] if each.act.key == key), None)
    if row is None or planned is None:
        return 0
    erased = 0
    if now < planned.announces_at:
        row.announced_at = None
    elif row.announced_at is None or not _was_seen(row, now):
        row.announced_at = now
    elif now >= planned.erases_at(now):
        signers = planned.act.signers()
        if planned.act.why != Why.LIMIT:
            # Whoever came after the announcement waits for the next one.
            signers = signers.filter(asked_at__lte=row.announced_at)
        erased = erase_people(signers, now)
        row.announced_at = now
    row.seen_at = now
    row.save()
    return erased


def forget_mailboxes() -> int:
    """In a closed round nobody signs who has to be known: what is left of the person goes, too.

    What takes the key's place is the row's own, which tells of nobody.
    """
    closed = Signature.objects.exclude(round=None).exclude(anonymised_at=None)
    own = Cast("pk", CharField())
    # What waits for its confirmation says by the key whose it is.
    left = closed.filter(submissions=None).exclude(mailbox_key=own)
    # To change nothing would have every page rendered anew.
    return left.update(mailbox_key=own) if left.exists() else 0


def _was_seen(row: Erasure, now: datetime) -> bool:
    return row.seen_at is not None and timedelta(0) <= now - row.seen_at <= UNSEEN_FOR


def hold_back(petition: uuid.UUID, now: datetime) -> datetime | None:
    """Puts off what is announced, and says until when; None where nothing can be stopped.

    The last limit can't: it is never put off, and no stop goes beyond it. Nor can what was stopped
    before: thirty days are for correcting the act, which then is another one.
    """
    planned = plans(now, petition)[petition]
    stoppable = [each.act.key for each in planned if is_stoppable(each)]
    limit = min((each.due_at for each in planned if each.act.why == Why.LIMIT), default=now)
    until = min(now + STOP, limit)
    rows = Erasure.objects.filter(petition=petition, act__in=stoppable)
    return until if until > now and rows.update(stopped_until=until) else None


def is_stoppable(planned: Planned) -> bool:
    is_last = planned.act.why == Why.LIMIT or planned.stopped_until is not None
    return planned.announced_at is not None and not is_last
