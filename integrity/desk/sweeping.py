"""Acts on all signatures that a filter finds: asked for, and done by the worker in steps.

What takes from a total more than a little takes a second person, so that no stolen session and
nobody under pressure silences a petition. Holding is undone by releasing, so one may do that alone.
"""

import uuid
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from accounts import second_person
from accounts.models import User
from integrity.desk.filters import Chosen, in_words, rows
from integrity.models import Sweep
from integrity.permissions import sweep_policy
from security import audit, two_persons
from security.models import Approval
from signatures import lifecycle
from signatures.keeping.asking_anew import ask_late
from signatures.lifecycle import MAY_COUNT
from signatures.models import Invalidation, Signature, SignatureQuerySet

ACT = "signatures.invalidation"
# Of so many one person decides alone.
MOST_ALONE = 1000
SIGNATURES_A_STEP = 2000
NAMES = {
    Sweep.Act.HOLD: "signatures.held",
    Sweep.Act.RELEASE: "signatures.released",
    Sweep.Act.INVALIDATE: "signatures.invalidated",
    Sweep.Act.UNDO: "signatures.invalidation_undone",
}


CONCERNED: dict[str, Q] = {
    Sweep.Act.HOLD: MAY_COUNT & Q(held_at=None),
    Sweep.Act.RELEASE: Q(held_at__isnull=False),
    Sweep.Act.INVALIDATE: MAY_COUNT,
}


def concerned(act: str, chosen: Chosen) -> SignatureQuerySet:
    """Those among the chosen that an act would change."""
    return rows(chosen).filter(CONCERNED[act])


def ask(
    act: Sweep.Act, chosen: Chosen, by: User, *, seen: int, note: str, reason: str = ""
) -> Sweep:
    """Begins it at once, or asks a second person."""
    with transaction.atomic():
        sweep = Sweep.objects.create(
            act=act, chosen=dict(chosen), asked_by=by, seen=seen, note=note, reason=reason
        )
        audit.record(NAMES[act], by, [sweep.pk], " ".join(filter(None, (f"{seen}:", reason, note))))
        if act == Sweep.Act.INVALIDATE and seen > MOST_ALONE:
            second_person.ask(ACT, sweep.pk, by, note)
        else:
            begin(sweep)
    return sweep


def undo(invalidation: Invalidation, by: User, note: str) -> Sweep | None:
    """None where it was undone before, or is being undone."""
    with transaction.atomic():
        row = Invalidation.objects.select_for_update().filter(pk=invalidation.pk, undone_at=None)
        if not row.exists() or Sweep.objects.going_on().filter(invalidation=invalidation).exists():
            return None
        sweep = Sweep.objects.create(
            act=Sweep.Act.UNDO,
            chosen=invalidation.chosen,
            invalidation=invalidation,
            asked_by=by,
            seen=invalidation.signatures.count(),
            note=note,
        )
        audit.record(NAMES[Sweep.Act.UNDO], by, [sweep.pk], f"{invalidation.pk}: {note}")
        begin(sweep)
    return sweep


def begin(sweep: Sweep) -> None:
    waiting = Sweep.objects.filter(pk=sweep.pk, state=Sweep.State.WAITING)
    if waiting.update(state=Sweep.State.RUNNING):
        if sweep.act == Sweep.Act.INVALIDATE:
            sweep.invalidation = Invalidation.objects.create(
                reason=sweep.reason,
                note=sweep.note,
                made_by=sweep.asked_by,
                petition_id=sweep.chosen.get("petition"),
                chosen=sweep.chosen,
            )
            sweep.save(update_fields=["invalidation"])
        go_on.enqueue(sweep=str(sweep.pk))


@task(priority=-5)
def go_on(sweep: str) -> None:
    """Takes one step, then lets others go first: mails wait for nothing of this."""
    if step(UUID(sweep)):
        go_on.enqueue(sweep=sweep)


def step(pk: uuid.UUID, size: int = SIGNATURES_A_STEP) -> bool:
    """Whether there is more to do. Done again after a crash, it changes nothing twice."""
    sweep = Sweep.objects.filter(pk=pk, state=Sweep.State.RUNNING).first()
    if sweep is None:
        return False
    if sweep.act == Sweep.Act.UNDO:
        return undo_step(sweep)
    found = concerned(sweep.act, sweep.chosen)
    if sweep.last_key:
        found = found.filter(pk__gt=sweep.last_key)
    # Never more than was asked for, though a filter may find more by now: what is held since, say.
    left = sweep.seen - sweep.looked_at if sweep.act == Sweep.Act.INVALIDATE else size
    keys = list(found.order_by("pk").values_list("pk", flat=True)[: min(size, left)])
    changed = DO[sweep.act](Signature.objects.filter(pk__in=keys), sweep)
    values = {"last_key": keys[-1] if keys else sweep.last_key, "changed": F("changed") + changed}
    return noted(sweep, len(keys), is_last=len(keys) < size, **values)


DO: dict[str, Callable[[SignatureQuerySet, Sweep], int]] = {
    Sweep.Act.HOLD: lambda found, _sweep: lifecycle.hold(found),
    Sweep.Act.RELEASE: lambda found, _sweep: lifecycle.release(found, ask_late),
    Sweep.Act.INVALIDATE: lambda found, sweep: lifecycle.invalidate(found, made_by(sweep)),
}


def made_by(sweep: Sweep) -> Invalidation:
    assert sweep.invalidation is not None, "it was made when the sweep began"  # noqa: S101
    return sweep.invalidation


def undo_step(sweep: Sweep) -> bool:
    """All in one, since it goes on in batches by itself; also after a worker that was stopped."""
    invalidation = made_by(sweep)
    lifecycle.undo(invalidation, sweep.asked_by, ask_late)
    lifecycle.go_on_undoing(invalidation, ask_late)
    invalidation.refresh_from_db()
    return noted(sweep, sweep.seen, is_last=True, changed=invalidation.undone_number)


def noted(sweep: Sweep, looked_at: int, *, is_last: bool, **values: Any) -> bool:
    values["looked_at"] = F("looked_at") + looked_at
    if is_last:
        values |= {"state": Sweep.State.DONE, "done_at": timezone.now()}
    ours = Sweep.objects.filter(pk=sweep.pk, state=Sweep.State.RUNNING, last_key=sweep.last_key)
    return bool(ours.update(**values)) and not is_last


def may(user: User) -> bool:
    return bool(sweep_policy.user_has_permission(user, "add"))


def told(subject: str) -> str:
    """Raises: LookupError."""
    seen = _of(subject).seen
    words = ngettext("Invalidate %(count)s signature", "Invalidate %(count)s signatures", seen)
    return words % {"count": number_format(seen, force_grouping=True)}


def details(subject: str) -> str:
    """Which they are.

    Raises: LookupError.
    """
    sweep = _of(subject)
    reason = dict(Invalidation.Reason.choices)[sweep.reason]
    parts = [(_("Reason to invalidate"), str(reason)), *in_words(sweep.chosen)]
    return " ".join(f"{label}: {value}." for label, value in parts)


def do(approval: Approval) -> None:
    try:
        begin(_of(approval.subject))
    except LookupError as error:
        raise two_persons.RefusedError(_("What was asked for is not there anymore.")) from error


def drop(approval: Approval) -> None:
    waiting = Sweep.objects.filter(pk=UUID(approval.subject), state=Sweep.State.WAITING)
    waiting.update(state=Sweep.State.REFUSED)


def _of(subject: str) -> Sweep:
    sweep = Sweep.objects.filter(pk=UUID(subject)).first()
    if sweep is None:
        raise LookupError(subject)
    return sweep


def register() -> None:
    two_persons.register(two_persons.Act(ACT, may, told, do, drop, details))
