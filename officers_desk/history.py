"""The log of acts, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from security.models import AuditEntry
from translations.dates.typed import date_as_sentence

ACTS = {
    "signer.searched": gettext_lazy("Searched by an email address"),
    "signer.seen": gettext_lazy("Opened"),
    "signer.downloaded": gettext_lazy("Downloaded all that is kept"),
    "signer.corrected": gettext_lazy("Corrected"),
    "signer.mailed": gettext_lazy("Had the link sent again"),
    "signer.links_renewed": gettext_lazy("Ended the links mailed before, and had a new one sent"),
    "signer.erased": gettext_lazy("Erased"),
    "signer.restricted": gettext_lazy("Locked, to be erased when the legal hold ends"),
    "hold.placed": gettext_lazy("Put on legal hold"),
    "hold.lifted": gettext_lazy("Lifted the legal hold"),
    "hold.ended": gettext_lazy("The legal hold ended"),
    "export.asked": gettext_lazy("Asked for an export"),
    "export.ready": gettext_lazy("The export was made"),
    "export.handed": gettext_lazy("Took the export"),
    "export.deleted": gettext_lazy("The export was deleted"),
    "export.mailboxes.asked": gettext_lazy("Asked a second person for an export of addresses"),
    "export.mailboxes.granted": gettext_lazy("Granted an export of addresses"),
    "export.mailboxes.refused": gettext_lazy("Refused an export of addresses"),
    "export.mailboxes.withdrawn": gettext_lazy("Took back the asking for an export of addresses"),
    "pack.asked": gettext_lazy("Had a delivery prepared"),
    "pack.ready": gettext_lazy("The files of a delivery were made"),
    "pack.taken": gettext_lazy("Took the files of a delivery"),
    "pack.deleted": gettext_lazy("The files of a delivery were deleted"),
    "pack.dropped": gettext_lazy("Deleted a delivery that nobody was handed"),
    "delivery.asked": gettext_lazy("Had a delivery emailed"),
    "delivery.handed": gettext_lazy("Handed a petition over"),
    "delivery.bounced": gettext_lazy("The email with a delivery came back"),
    "answer_link.given": gettext_lazy("Sent a recipient a link to answer by"),
    "answer_link.revoked": gettext_lazy("Took back a link to answer by"),
    "signatures.sampled": gettext_lazy("Looked at signatures in bulk"),
    "signatures.held": gettext_lazy("Held signatures for review"),
    "signatures.released": gettext_lazy("Released signatures from review"),
    "signatures.invalidated": gettext_lazy("Invalidated signatures"),
    "signatures.invalidation_undone": gettext_lazy("Undid an invalidation"),
    "signatures.invalidation.asked": gettext_lazy("Asked a second person to invalidate signatures"),
    "signatures.invalidation.granted": gettext_lazy("Granted an invalidation of signatures"),
    "signatures.invalidation.refused": gettext_lazy("Refused an invalidation of signatures"),
    "signatures.invalidation.withdrawn": gettext_lazy("Took back the asking for an invalidation"),
    "site.paused": gettext_lazy("Paused signing on the whole site"),
    "site.resumed": gettext_lazy("Let people sign again"),
    "campaign.deletion.asked": gettext_lazy("Asked a second person to delete a campaign"),
    "campaign.deletion.granted": gettext_lazy("Granted the deletion of a campaign"),
    "campaign.deletion.refused": gettext_lazy("Refused the deletion of a campaign"),
    "campaign.deletion.withdrawn": gettext_lazy("Took back the asking to delete a campaign"),
    "campaign.key_destroyed": gettext_lazy("The key of a campaign was destroyed"),
    "user.invited": gettext_lazy("Invited somebody to work here"),
    "user.roles_changed": gettext_lazy("Changed the roles of somebody who works here"),
    "user.let_go": gettext_lazy("Ended somebody’s access"),
    "user.taken_on_again": gettext_lazy("Invited somebody again"),
    "user.factors_taken_away": gettext_lazy("Took away somebody’s passkeys and codes"),
}


@dataclass(frozen=True)
class Line:
    at: datetime
    act: str
    by: str
    row: str
    reason: str


def lines(entries: Iterable[AuditEntry]) -> list[Line]:
    found = list(entries)
    users = User.objects.in_bulk({entry.by for entry in found if entry.by})
    return [
        Line(
            at=entry.at,
            act=str(ACTS.get(entry.act, entry.act)),
            by=_name(entry.by, users),
            row=entry.row,
            reason=reason_in_words(entry),
        )
        for entry in found
    ]


def reason_in_words(entry: AuditEntry) -> str:
    """That of a hold begins with its last day."""
    if entry.act != "hold.placed":
        return entry.reason
    day, _colon, reason = entry.reason.partition(": ")
    return f"{date_as_sentence(day)}: {reason}"


def _name(number: int | None, users: dict[int, User]) -> str:
    if number is None:
        return _("the site itself")
    user = users.get(number)
    if user is None:
        return _("a deleted account (%(number)s)") % {"number": number}
    return str(user.get_full_name() or user.get_username())
