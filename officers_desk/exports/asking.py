"""Asking for a file. One that holds mailboxes takes a second person."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import second_person
from accounts.models import User
from campaigns.models import Petition
from campaigns.pages.queries import named
from officers_desk.exports.making import make
from officers_desk.exports.purposes import PURPOSES
from officers_desk.models import Export
from officers_desk.permissions import export_policy
from security import audit, two_persons
from security.models import Approval
from security.streams import new_key

ACT = "export.mailboxes"


def ask(purpose: str, petition: Petition, by: User, reason: str, language: str) -> Export:
    """Begins it at once, or asks a second person."""
    with transaction.atomic():
        export = Export.objects.create(
            purpose=purpose, petition=petition, reason=reason, language=language, asked_by=by
        )
        audit.record("export.asked", by, [export.pk], f"{purpose}: {reason}")
        if PURPOSES[purpose].holds_mailboxes:
            second_person.ask(ACT, export.pk, by, reason)
        else:
            begin(export)
    return export


def begin(export: Export) -> None:
    waiting = Export.objects.filter(pk=export.pk, state=Export.State.WAITING)
    if waiting.update(state=Export.State.MAKING, key=new_key().hex()):
        make.enqueue(export=str(export.pk))


def may(user: User) -> bool:
    return bool(export_policy.user_has_permission(user, "add"))


def told(subject: str) -> str:
    """Raises: LookupError."""
    export = _of(subject)
    names = named(Petition.objects.filter(pk=export.petition_id).with_names())
    return _("Export addresses of signers. %(purpose)s: “%(petition)s”") % {
        "purpose": PURPOSES[export.purpose].label,
        "petition": names[export.petition_id],
    }


def details(subject: str) -> str:
    """Who is in the file, with which columns.

    Raises: LookupError.
    """
    purpose = PURPOSES[_of(subject).purpose]
    columns = ", ".join(str(column.label) for column in purpose.columns)
    return f"{purpose.told} {_('Columns:')} {columns}."


def do(approval: Approval) -> None:
    try:
        export = _of(approval.subject)
    except LookupError as error:
        raise two_persons.RefusedError(_("What was asked for is not there anymore.")) from error
    begin(export)


def drop(approval: Approval) -> None:
    waiting = Export.objects.filter(pk=UUID(approval.subject), state=Export.State.WAITING)
    waiting.update(state=Export.State.REFUSED)


def _of(subject: str) -> Export:
    export = Export.objects.filter(pk=UUID(subject)).first()
    if export is None:
        raise LookupError(subject)
    return export


def register() -> None:
    two_persons.register(two_persons.Act(ACT, may, told, do, drop, details))
