"""A signature's life: what may become of it, and by whom.

It has one status, and two facts beside it, each with its time: in review, and anonymized. Only who
is confirmed and not in review counts, as long as the round goes on. The database refuses every
other step (0004_lifecycle), and holds to each status what has to stand beside it (constraints of
`Signature`).
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from signatures.models import (
    Erased,
    Invalidation,
    Signature,
    SignatureQuerySet,
    Submission,
    SubmissionQuerySet,
)
from signatures.person import PERSON, TAKEN_BACK, by_the_day, middle_of_day

# Rows in one transaction: nobody who signs, withdraws or erases waits long for them.
AT_ONCE = 500


class Actor(Enum):
    SIGNER = "signer"
    STAFF = "staff"
    # Whoever erases a signature that a legal hold keeps: it is locked instead.
    LEGAL_HOLD = "legal hold"


PENDING, CONFIRMED, WITHDRAWN, INVALIDATED = Signature.Status
STEPS = {
    (PENDING, CONFIRMED): Actor.SIGNER,
    (CONFIRMED, WITHDRAWN): Actor.SIGNER,
    (WITHDRAWN, CONFIRMED): Actor.SIGNER,
    (PENDING, INVALIDATED): Actor.STAFF,
    (CONFIRMED, INVALIDATED): Actor.STAFF,
    (INVALIDATED, PENDING): Actor.STAFF,
    (INVALIDATED, CONFIRMED): Actor.STAFF,
    (PENDING, WITHDRAWN): Actor.LEGAL_HOLD,
    (INVALIDATED, WITHDRAWN): Actor.LEGAL_HOLD,
}
# In a round that is closed nobody comes to count any more, and its number stands.
MAY_COUNT = Q(status__in=(PENDING, CONFIRMED), round=None)
# What else is done, in the same transaction, for some who are again what they were.
Then = Callable[[SignatureQuerySet], None]


def nothing(_rows: SignatureQuerySet) -> None:
    pass


def withdraw(signature: Signature) -> bool:
    """The signer takes it back; the count falls at once. False when it was not confirmed.

    Nothing stays of the person, nor of what else they sent: to come back, one signs again.
    """
    with transaction.atomic():
        confirmed = Signature.objects.confirmed().filter(pk=signature.pk)
        held = confirmed.select_for_update().first()
        if held is None:
            return False
        Submission.objects.of_person(held).delete()
        today = middle_of_day(timezone.now())
        confirmed.update(
            status=WITHDRAWN,
            **{**TAKEN_BACK, **by_the_day("asked_at")},
            withdrawn_at=today,
            held_at=None,
            anonymised_at=today,
        )
        Erased.objects.record(Erased.What.WITHDRAWN, [signature.pk])
    return True


def hold(rows: SignatureQuerySet, now: datetime | None = None) -> int:
    """Puts into review those that count or may come to; returns how many were not in it."""
    found, now, held = rows.filter(MAY_COUNT, held_at=None), now or timezone.now(), 0
    for batch in _batches(found):
        _by_keys(_sent(batch).that_made_it()).hold(now)
        held += batch.update(held_at=now)
    return held


def release(rows: SignatureQuerySet, then: Then = nothing) -> int:
    """Ends the review: who is confirmed counts from now on, at the time of the confirmation."""
    released = 0
    for batch in _batches(rows.in_review()):
        _sent(batch).update(held_at=None)
        released += batch.update(held_at=None)
        then(batch)
    return released


def invalidate(rows: SignatureQuerySet, invalidation: Invalidation) -> int:
    """Takes signatures out of the count; returns how many, and adds them to the act's number.

    What is withdrawn, erased or expired meanwhile goes its own way.
    """
    made = 0
    for batch in _batches(rows.filter(MAY_COUNT)):
        number = batch.update(
            status=INVALIDATED,
            invalidation=invalidation,
            invalidated_at=timezone.now(),
            held_at=None,
        )
        Invalidation.objects.filter(pk=invalidation.pk).update(number=F("number") + number)
        made += number
    return made


def undo(invalidation: Invalidation, user: User | None, then: Then = nothing) -> int:
    """Makes them again what they were, as far as they are still there. Once, whoever asks again."""
    ours = Invalidation.objects.filter(pk=invalidation.pk, undone_at=None)
    if not ours.update(undone_at=timezone.now(), undone_by=user):
        return 0
    return go_on_undoing(invalidation, then)


def go_on_undoing(invalidation: Invalidation, then: Then = nothing) -> int:
    """What is left to undo, where a worker was stopped on the way."""
    brought_back = 0
    theirs = Signature.objects.filter(invalidation=invalidation)
    for status, condition in (
        (CONFIRMED, Q(confirmed_at__isnull=False)),
        (PENDING, Q(confirmed_at=None)),
    ):
        for batch in _batches(theirs.filter(condition, status=INVALIDATED)):
            back = {"invalidation": None, "invalidated_at": None, "held_at": _held_since()}
            number = batch.update(status=status, **back)
            Invalidation.objects.filter(pk=invalidation.pk).update(
                undone_number=F("undone_number") + number
            )
            then(batch)
            brought_back += number
    return brought_back


@transaction.atomic
def erase_people(signatures: QuerySet[Signature], now: datetime) -> int:
    """The one place where the person is taken out of signatures.

    What else holds something of the person goes here too, before the row says that it is done.
    """
    # By itself, so that nobody who confirms meanwhile waits for a row that waits for them.
    Submission.objects.filter(signature__in=signatures.values("pk")).delete()
    times = ("asked_at", "confirmed_at", "withdrawn_at", "invalidated_at", "held_at")
    taken = {**PERSON, **by_the_day(*times)}
    held = list(signatures.order_by("pk").select_for_update().values_list("pk", flat=True))
    for start in range(0, len(held), AT_ONCE):
        ids = held[start : start + AT_ONCE]
        Signature.objects.filter(pk__in=ids).update(**taken, anonymised_at=middle_of_day(now))
    Erased.objects.record(Erased.What.PERSON, held)
    return len(held)


def _held_since() -> Subquery:
    """As it is kept with what was sent, for as long as that is there."""
    sent = Submission.objects.filter(signature=OuterRef("pk"), created_at=OuterRef("asked_at"))
    return Subquery(sent.values("held_at")[:1])


def _sent(batch: SignatureQuerySet) -> SubmissionQuerySet:
    return Submission.objects.filter(signature__in=list(batch.values_list("pk", flat=True)))


def _by_keys(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """The same rows. In a spike, which no statistics know of yet, a question within another is
    planned so badly that it takes seconds."""
    return Submission.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))


def _batches(rows: SignatureQuerySet) -> Iterator[SignatureQuerySet]:
    """Some of them at a time, locked; those that changed in between are left out.

    What the caller does with them is in their transaction, so that a worker that is killed leaves
    whole batches behind.
    """
    last = uuid.UUID(int=0)
    while keys := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        last = keys[-1]
        with transaction.atomic():
            held = rows.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")
            yield rows.model.objects.filter(pk__in=list(held.values_list("pk", flat=True)))
