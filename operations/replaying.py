"""Does anew, after a restore, what was erased since the backup that was restored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from signatures import lifecycle
from signatures.keeping.erasing import erase_people
from signatures.models import Erased, Signature, Submission, Suppression
from signatures.release import Release
from signatures.signing import confirming, own_links
from signatures.signing import legal_holds as holds

# In the language of whoever restores, as all that commands say.
LOST_REASON = "Placed before a restore, which lost its reason and its end."


@dataclass(frozen=True)
class Entry:
    """A row of `Erased`, as lists beside the backups have it."""

    id: str
    what: str
    subject: str
    number: int
    at: str


def all_entries() -> Iterable[Entry]:
    """All that are kept, in their order. Lists hold them as this says."""
    for row in Erased.objects.order_by("at", "id").iterator():
        yield Entry(str(row.id), row.what, row.subject, row.number, row.at.isoformat())


def replay(listed: Iterable[Entry]) -> int:
    """Does what the database does not know of, and returns how many acts that were.

    What is gone already, or was never in the backup, is passed over. Doing it twice does no harm.
    """
    known = {str(pk) for pk in Erased.objects.values_list("pk", flat=True)}
    done = 0
    for act in listed:
        if act.id not in known:
            _do(act)
            done += 1
    return done


@transaction.atomic
def _do(act: Entry) -> None:
    DOINGS[Erased.What(act.what)](act)
    row = Erased(id=act.id, what=act.what, subject=act.subject, number=act.number)
    row.at = datetime.fromisoformat(act.at)
    Erased.objects.bulk_create([row], ignore_conflicts=True)


def _of_signature(do: Callable[[Signature], Any]) -> Callable[[Entry], None]:
    def found(act: Entry) -> None:
        for signature in Signature.objects.filter(pk=act.subject):
            do(signature)

    return found


def _forget(act: Entry) -> None:
    for submission in Submission.objects.filter(pk=act.subject):
        confirming.remove(submission)


def _erase_person(act: Entry) -> None:
    known = Signature.objects.filter(pk=act.subject, anonymised_at=None)
    erase_people(known, timezone.now())


def _renew_links(act: Entry) -> None:
    for older in Signature.objects.filter(pk=act.subject, generation__lt=act.number):
        own_links.end_links(older, act.number)


def _hide(part: str) -> Callable[[Entry], None]:
    """Whatever was shown there in the backup; a moderator who shows it again is free to."""

    def hide(act: Entry) -> None:
        known = Signature.objects.filter(pk=act.subject, anonymised_at=None)
        known.update(**{f"{part}_state": Release.HIDDEN})

    return hide


def _restrict(signature: Signature) -> None:
    """Also where the hold itself began after the backup: an officer decides how long it goes on."""
    hold = holds.active_hold(signature) or holds.place(
        signature, LOST_REASON, timezone.now() + holds.LONGEST
    )
    holds.restrict(hold)


DOINGS: dict[Erased.What, Callable[[Entry], None]] = {
    Erased.What.SIGNATURE: _of_signature(confirming.erase_signature),
    Erased.What.PERSON: _erase_person,
    Erased.What.SUBMISSION: _forget,
    Erased.What.WITHDRAWN: _of_signature(lifecycle.withdraw),
    Erased.What.SHOWN_NAME: _of_signature(lambda signature: signature.choose(show_name=False)),
    Erased.What.NAMED_TO: _of_signature(lambda signature: signature.let_name("")),
    Erased.What.HIDDEN_NAME: _hide("name"),
    Erased.What.HIDDEN_COMMENT: _hide("comment"),
    Erased.What.RESTRICTED: _of_signature(_restrict),
    Erased.What.LINKS: _renew_links,
    Erased.What.MAILBOX: lambda act: Suppression.add(act.subject),
}
