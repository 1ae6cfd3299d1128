"""Acts that one person asks for and another grants, so that nobody does great harm alone.

A room registers an act with who may ask and grant, and with what it does. Granting does it at once,
in one transaction with its entry in the log; so a grant is never left lying about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from security import audit
from security.models import GRANT_WITHIN, Approval


class RefusedError(Exception):
    """Why an act is not granted, in one sentence for whoever wanted to."""


@dataclass(frozen=True)
class Act:
    """An act by its name in the log, like `export.made`.

    `told` says in a sentence what would be done to a subject, `details` more of it to whoever
    decides; either may raise LookupError where that is gone. `do` is called with the approval,
    within the granting's transaction; it may raise RefusedError. `drop` is called where it was
    refused or taken back.
    """

    name: str
    may: Callable[[Any], bool]
    told: Callable[[str], str]
    do: Callable[[Approval], None]
    drop: Callable[[Approval], None] = lambda approval: None
    details: Callable[[str], str] = lambda subject: ""


acts: dict[str, Act] = {}


def register(act: Act) -> None:
    acts[act.name] = act


def ask(name: str, subject: object, by: AbstractBaseUser, reason: str) -> Approval:
    """Asked for twice, it waits once, in the first one's words.

    Raises: RefusedError.
    """
    if not acts[name].may(by):
        raise RefusedError(_("You may not ask for this."))
    with transaction.atomic():
        _forget_outdated(name, subject)
        approval, is_new = Approval.objects.get_or_create(
            act=name,
            subject=str(subject),
            state=Approval.State.WAITING,
            defaults={"asked_by_id": by.pk, "asked_at": timezone.now(), "reason": reason},
        )
        if is_new:
            audit.record(f"{name}.asked", by, [subject], reason)
    return approval


def _forget_outdated(name: str, subject: object) -> None:
    old = Approval.objects.filter(act=name, subject=str(subject), state=Approval.State.WAITING)
    old.filter(asked_at__lte=timezone.now() - GRANT_WITHIN).delete()


def waiting_for(user: AbstractBaseUser) -> list[Approval]:
    """What others ask for and this user may grant, the oldest first."""
    names = [act.name for act in acts.values() if act.may(user)]
    found = Approval.objects.waiting().filter(act__in=names).exclude(asked_by=user.pk)
    return list(found.select_related("asked_by").order_by("asked_at"))


def asked_by(user: AbstractBaseUser) -> list[Approval]:
    found = Approval.objects.filter(asked_by=user.pk, act__in=acts)
    return list(found.select_related("decided_by").order_by("-asked_at")[:20])


def may_take_part(user: AbstractBaseUser) -> bool:
    return any(act.may(user) for act in acts.values())


def grant(approval: Approval, by: AbstractBaseUser) -> None:
    """Does what was asked for.

    Raises: RefusedError, and nothing is done.
    """
    with transaction.atomic():
        found = _held(approval)
        act = acts[found.act]
        # As it stands now: rights may have been lost since, and a user put out.
        asker = get_user_model().objects.get(pk=found.asked_by_id)
        if asker.pk == by.pk:
            raise RefusedError(_("You asked for it yourself: somebody else has to grant it."))
        if not act.may(by):
            raise RefusedError(_("You may not grant this."))
        if not act.may(asker):
            raise RefusedError(_("Whoever asked for it may not do it anymore."))
        _decide(found, by, Approval.State.GRANTED)
        found.refresh_from_db()
        act.do(found)


def refuse(approval: Approval, by: AbstractBaseUser, answer: str) -> None:
    """Raises: RefusedError."""
    with transaction.atomic():
        found = _held(approval)
        if found.asked_by_id == by.pk or not acts[found.act].may(by):
            raise RefusedError(_("You may not decide this."))
        _decide(found, by, Approval.State.REFUSED, answer)
        acts[found.act].drop(found)


def withdraw(approval: Approval, by: AbstractBaseUser) -> None:
    """Raises: RefusedError."""
    with transaction.atomic():
        found = _held(approval)
        if found.asked_by_id != by.pk:
            raise RefusedError(_("Somebody else asked for this."))
        _decide(found, by, Approval.State.WITHDRAWN)
        acts[found.act].drop(found)


def _held(approval: Approval) -> Approval:
    waiting = Approval.objects.waiting().filter(pk=approval.pk, act__in=acts)
    found = waiting.select_for_update().first()
    if found is None:
        raise RefusedError(_("This was decided meanwhile, or nobody decided it for a week."))
    return found


def _decide(approval: Approval, by: AbstractBaseUser, state: str, answer: str = "") -> None:
    decided = {"state": state, "decided_by": by, "decided_at": timezone.now(), "answer": answer}
    # Where rows cannot be locked, of two that come at once the condition lets one through.
    waits = Approval.objects.filter(pk=approval.pk, state=Approval.State.WAITING)
    if not waits.update(**decided):
        raise RefusedError(_("This was decided meanwhile, or nobody decided it for a week."))
    audit.record(f"{approval.act}.{state}", by, [approval.subject], answer)
