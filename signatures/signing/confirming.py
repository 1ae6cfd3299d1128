"""What confirming a submission does, and what stands in its way."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.utils import timezone

from pagecache.changes import adding
from signatures.lifecycle import erase_people
from signatures.models import (
    Erased,
    ExpiredNumber,
    Hold,
    Signature,
    SignatureQuerySet,
    Submission,
    fold_changes,
)
from signatures.signing import legal_holds as holds
from signatures.signing.seats import SEATS, known_seat, stored

# What a signer decides, and sees before it counts. The address is the mailbox's, however spelled.
CONTENT = (
    "text_id",
    "language",
    "name",
    "comment",
    "answers",
    "country",
    "postcode",
    "lives_here",
    "home_city_id",
    "show_name",
    "discreet",
)
STORED = (*CONTENT, "named_to", "name_key", "email")


class State(Enum):
    WAITING = "waiting"
    # Counted already, just so, or confirmed before and maybe changed by the signer since.
    SAME = "same"
    # Counted already, with other content.
    CHANGE = "change"
    INVALIDATED = "invalidated"
    NOT_OPEN = "not_open"

    @property
    def is_counted(self) -> bool:
        return self in (State.SAME, State.CHANGE)

    @property
    def can_be_confirmed(self) -> bool:
        return self not in (State.INVALIDATED, State.NOT_OPEN)


@dataclass(frozen=True)
class Standing:
    """How a submission stands to the signature that it would make or change."""

    state: State
    proposed: Signature
    # None when there is no row for it yet.
    signature: Signature | None
    # Whether it would be a second person's at the mailbox.
    is_second: bool = False

    @property
    def is_counted(self) -> bool:
        return self.state.is_counted


def standing(submission: Submission) -> Standing:
    return _standing(submission, list(_seats(submission)))


def counted(submissions: Sequence[Submission]) -> dict[uuid.UUID, Standing]:
    """How those stand, by their keys, that have a signature which counts.

    Whoever signs for the first time has none, for which one look is enough for all of them.
    """
    firsts = {(each.signature.petition_id, each.signature.mailbox_key) for each in submissions}
    petitions, keys = zip(*firsts, strict=True)
    settled = Signature.objects.filter(petition__in=petitions, mailbox_key__in=keys, round=None)
    settled = settled.exclude(status=Signature.Status.PENDING).select_related("text")
    seats = defaultdict(list)
    for seat in settled.order_by("seat"):
        seats[seat.petition_id, seat.mailbox_key].append(seat)
    found = {}
    for each in submissions:
        taken = seats[each.signature.petition_id, each.signature.mailbox_key]
        if any(seat.is_confirmed for seat in taken):
            found[each.pk] = _standing(each, taken)
    return {key: each for key, each in found.items() if each.is_counted}


def _seats(submission: Submission) -> SignatureQuerySet:
    first = submission.signature
    return Signature.objects.of_mailbox(first.petition, first.mailbox_key).select_related("text")


def _standing(submission: Submission, seats: list[Signature]) -> Standing:
    proposed = submission.proposed()
    proposed.mailbox_key = submission.signature.mailbox_key
    proposed.seat = _seat_of(submission, seats)
    signature = next((each for each in seats if each.seat == proposed.seat), None)
    if signature and signature.is_confirmed and signature.name_key == proposed.name_key:
        keep_chosen(proposed, signature)
    was_confirmed = submission.confirmed_at is not None
    state = _state(proposed, signature, was_confirmed)
    # Whoever confirmed it has decided more since: the link takes nothing of that back.
    if state == State.SAME and signature:
        proposed = signature
    is_second = state == State.WAITING and any(is_another(each, proposed) for each in seats)
    return Standing(state, proposed, signature, is_second)


def is_another(seat: Signature, proposed: Signature) -> bool:
    """Whether somebody else has signed there. In safety mode nobody at the mailbox is told."""
    is_known = seat.is_confirmed and seat.anonymised_at is None
    return is_known and seat.seat != proposed.seat and not seat.discreet


def keep_chosen(proposed: Signature, signature: Signature) -> None:
    """What the same person chose on the own page stays, whatever the form says since."""
    proposed.comment, proposed.postcode = signature.comment, signature.postcode
    proposed.show_name = signature.show_name and not proposed.discreet
    proposed.named_to = "" if proposed.discreet else signature.named_to
    proposed.answers = {**signature.answers, **proposed.answers}


def _seat_of(submission: Submission, seats: list[Signature]) -> int:
    """The person's own seat, or one left by somebody, else one that is nobody's yet."""
    settled = [each for each in seats if each.status != Signature.Status.PENDING]
    known = known_seat(settled, submission.details["name_key"])
    first = submission.signature.seat
    taken = {each.seat for each in settled}
    free = [seat for seat in (first, *SEATS) if seat not in taken]
    return next(iter([*known, *free]), first)


def _state(proposed: Signature, signature: Signature | None, was_confirmed: bool) -> State:
    status = signature.status if signature else Signature.Status.PENDING
    if status == Signature.Status.INVALIDATED:
        return State.INVALIDATED
    # Of a signer who was taken out of the signature, nothing is left to compare with.
    is_known = signature is not None and signature.anonymised_at is None
    counts = status == Signature.Status.CONFIRMED and is_known
    if counts and (was_confirmed or is_same(proposed, signature)):
        return State.SAME
    if not proposed.petition.is_signable:
        return State.NOT_OPEN
    return State.CHANGE if counts else State.WAITING


def is_same(proposed: Signature, signature: Signature | None) -> bool:
    return all(getattr(proposed, name) == getattr(signature, name, None) for name in CONTENT)


def confirm_submission(submission: Submission) -> Signature | None:
    """Makes the signature what the submission says; None when something stands in the way.

    Whatever else happens to the mailbox's signatures at the same time waits for it or goes first.
    """
    with transaction.atomic():
        seats = list(_seats(submission).select_for_update(of=("self",)))
        now = timezone.now()
        found = _standing(submission, seats)
        # Before the signature, since it may have been erased meanwhile.
        ours = Submission.objects.filter(pk=submission.pk)
        if not found.state.can_be_confirmed or not ours.update(confirmed_at=now, is_waiting=False):
            return None
        signature = found.signature or stored(found.proposed)
        if found.state != State.SAME:
            _apply(found.proposed, signature, submission)
        ours.update(signature=signature)
        if submission.signature.petition.reopened_at:
            # Whoever signs in another round is known by that alone.
            earlier = Signature.objects.of_earlier_rounds(found.proposed).not_held()
            erase_people(earlier, now)
    signature.refresh_from_db()
    return signature


def _apply(proposed: Signature, signature: Signature, submission: Submission) -> None:
    is_confirmed = signature.status == Signature.Status.CONFIRMED
    # Of whoever was never shown, nothing is taken away.
    is_new = signature.status == Signature.Status.PENDING and not signature.name_checksum
    with adding() if is_new else nullcontext():
        _store(proposed, signature, submission, is_confirmed)


def _store(
    proposed: Signature, signature: Signature, submission: Submission, is_confirmed: bool
) -> None:
    Signature.objects.filter(pk=signature.pk).update(
        **{name: getattr(proposed, name) for name in STORED},
        status=Signature.Status.CONFIRMED,
        asked_at=submission.created_at,
        confirmed_at=signature.confirmed_at if is_confirmed else timezone.now(),
        # What strangers sent before, and its holder did not confirm, holds up nobody.
        held_at=(signature.held_at if is_confirmed else None) or held_since(submission),
        withdrawn_at=None,
        anonymised_at=None,
        # Whoever had the seat before may have been somebody else.
        generation=signature.generation + (signature.anonymised_at is not None),
    )
    # Whoever signs anew no longer wants to be erased.
    Hold.objects.filter(signature=signature).update(erase_asked_at=None)
    signature.submit_to_moderators()


def held_since(submission: Submission) -> datetime | None:
    """As of now: it may have turned out since to be one of many."""
    times = Submission.objects.filter(pk=submission.pk).values_list("held_at", flat=True)
    return times.first()


def erase_signature(signature: Signature) -> datetime | None:
    """Leaves nothing of it, nor of what else the person sent for the petition.

    Under a legal hold it only stops to count and to show; returns until when it is kept then.

    Whoever confirms at the same time goes first, or comes too late. What another person sent from
    the same mailbox goes on waiting for them.
    """
    with transaction.atomic():
        seats = Signature.objects.beside(signature)
        held = next((each for each in seats.select_for_update() if each == signature), None)
        if held is None:
            return None
        if hold := holds.active_hold(held):
            holds.restrict(hold)
            return hold.until
        Hold.objects.filter(signature=held).delete()
        Submission.objects.of_person(held).delete()
        others = list(Submission.objects.filter(signature=held))
        theirs = [(each, pending(each, held)) for each in others]
        Erased.objects.record(Erased.What.SIGNATURE, [held.pk])
        held.delete()
        for other, row in theirs:
            other.signature = stored(row)
        Submission.objects.bulk_create(others)
        forget_unclaimed(seats.all())
        # What says that one signature fewer counts names whose it was.
        fold_changes()
    return None


def pending(submission: Submission, seat: Signature) -> Signature:
    """The row, not stored, that a submission would have made in a seat that is free."""
    signature = submission.proposed()
    signature.mailbox_key, signature.seat = seat.mailbox_key, seat.seat
    signature.asked_at = submission.created_at
    return signature


def remove(submission: Submission) -> None:
    """Forgets what its mailbox's holder did not send; a signature that counts stays."""
    with transaction.atomic():
        Submission.objects.filter(pk=submission.pk).delete()
        Erased.objects.record(Erased.What.SUBMISSION, [submission.pk])
    forget_unclaimed(Signature.objects.filter(pk=submission.signature_id))


def forget_unclaimed(among: SignatureQuerySet, *, as_expired: bool = False) -> int:
    """Deletes those that nobody can confirm any more, and returns how many.

    Those whose time is over live on as numbers.
    """
    forgotten = 0
    while ids := list(among.unclaimed().values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            rows = Signature.objects.filter(pk__in=ids).select_for_update()
            held = list(rows.order_by("pk").values_list("pk", flat=True))
            # Looked at again now that they are held: somebody may have signed in between.
            left = Signature.objects.filter(pk__in=held).unclaimed()
            if as_expired:
                ExpiredNumber.objects.add(left)
            left.delete()
        forgotten += len(ids)
    return forgotten
