"""What an officer does to one signature, each in one transaction with its entry in the log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from officers_desk import tasks
from security import audit
from signatures.models import HashKey, Hold, Signature, Submission
from signatures.signing import emails
from signatures.signing import legal_holds as holds
from signatures.signing.confirming import erase_signature
from signatures.signing.ending_holds import end
from signatures.signing.own_links import renew
from translations.languages.folding import fold

# What may be corrected. The mailbox is the key to all else: whoever has another one signs anew.
CORRECTABLE = ("name", "country", "postcode", "language", "comment")


def correct(signature: Signature, by: User, values: Mapping[str, Any], reason: str) -> list[str]:
    """Stores what differs, and returns the names of these fields.

    A name or comment that says something else waits for a moderator again.
    """
    with transaction.atomic():
        row = Signature.objects.select_for_update(of=("self",)).select_related("petition__parent")
        held = row.get(pk=signature.pk)
        changed = [name for name in CORRECTABLE if values[name] != getattr(held, name)]
        if "name" in changed:
            rename(held, values["name"])
        for name in changed:
            setattr(held, name, values[name])
        if changed:
            held.save(update_fields=[*changed, "name_key"])
            held.submit_to_moderators()
            audit.record("signer.corrected", by, [held.pk], f"{', '.join(changed)}: {reason}")
    return changed


def rename(held: Signature, name: str) -> None:
    """Gives the person another name, in what else they sent as well; the caller stores `held`.

    By the name, what one person sent is told from what another did with the same mailbox: under
    the old one it would be somebody else's, who may confirm it and outlives an erasure.
    """
    own = list(Submission.objects.of_person(held).select_for_update())
    keys = HashKey.of(held.petition.campaign)
    held.name, held.name_key = name, keys.hash(fold(name) or name)
    for each in own:
        each.details |= {"name": held.name, "name_key": held.name_key}
    Submission.objects.bulk_update(own, ["details"])


def renew_links(signature: Signature, by: User, reason: str) -> None:
    """Of a signer whose links somebody else may have: each that was mailed ends, one is sent."""
    with transaction.atomic():
        renew(signature, signature.language)
        audit.record("signer.links_renewed", by, [signature.pk], reason)


def erase(signature: Signature, by: User, reason: str) -> datetime | None:
    """Erases it at once; under a legal hold it only stops to count, until the day returned."""
    with transaction.atomic():
        kept_until = erase_signature(signature)
        act = "signer.restricted" if kept_until else "signer.erased"
        audit.record(act, by, [signature.pk], reason)
    return kept_until


def hold(signature: Signature, by: User, reason: str, until: datetime) -> None:
    with transaction.atomic():
        holds.place(signature, reason, until)
        audit.record("hold.placed", by, [signature.pk], f"{until:%Y-%m-%d}: {reason}")


def lift(held: Hold, by: User, reason: str) -> None:
    with transaction.atomic():
        key = held.signature_id
        end(held)
        audit.record("hold.lifted", by, [key], reason)


def resend(signature: Signature, by: User) -> bool:
    """Has the mail sent that its state calls for; False where there is none.

    To whoever confirmed, the link of their own page; to whoever did not, the one to confirm by.
    """
    with transaction.atomic():
        is_sent = _resend_to_confirm(signature) or _send_own_link(signature)
        if is_sent:
            audit.record("signer.mailed", by, [signature.pk])
    return is_sent


def _send_own_link(signature: Signature) -> bool:
    if signature.status == Signature.Status.PENDING or not signature.email:
        return False
    tasks.send_own_link.enqueue(signature=str(signature.pk))
    return True


def _resend_to_confirm(signature: Signature) -> bool:
    if signature.status != Signature.Status.PENDING:
        return False
    newest = Submission.objects.live().filter(signature=signature).order_by("-created_at").first()
    if newest is None:
        return False
    if not Submission.objects.filter(content_key=newest.content_key, is_waiting=True).exists():
        Submission.objects.filter(pk=newest.pk).update(is_waiting=True, job=None)
    emails.send.enqueue(mailbox=newest.mailbox)
    return True
