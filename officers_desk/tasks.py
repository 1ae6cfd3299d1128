"""What the worker does for the desk."""

import smtplib
import uuid
from datetime import timedelta

from django.utils import timezone, translation
from django_tasks import TaskContext, task

from jobs.registry import SOMEBODY_WAITS, NotYetError, PermanentError, every
from mails import rendering
from officers_desk.exports import files
from security import audit
from signatures.mailboxes import reader_of
from signatures.models import Allowance, Signature, Suppression
from signatures.signing import allowances, emails
from signatures.signing.ending_holds import end_those_over
from signatures.signing.tokens import own_token


@task(takes_context=True, priority=SOMEBODY_WAITS)
def send_own_link(context: TaskContext, signature: str) -> None:
    """Sends a signer the link of their own page, within what their mailbox gets a day.

    Raises:
        NotYetError: the day's mails are used up, or the site sends as much as it may just now.
        PermanentError: the mailbox does not exist, or this server cannot reach it.
    """
    found = Signature.objects.select_related("text").exclude(email="").get(pk=signature)
    reader, kind, job = reader_of(found.email), Allowance.Kind.MAIL, context.task_result.id
    if Suppression.objects.filter(mailbox_key=reader).exists():
        return
    if not allowances.take_allowance(reader, kind, uuid.UUID(job)):
        wait = allowances.next_free(reader, kind) - timezone.now()
        raise NotYetError(max(wait, timedelta(minutes=1)))
    emails.wait_for_room()
    own = own_token(found)
    words = {
        "title": found.text.title,
        "title_language": found.text.language,
        "own_url": emails.address("own", own),
        "stop_url": emails.address("stop", own),
    }
    with translation.override(found.language):
        mail = rendering.render("own_link", words, to=found.email, key=job)
    try:
        mail.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
        if emails.is_transient(error):
            raise
        raise PermanentError("the mailbox cannot be reached") from error


@every(timedelta(minutes=10))
def end_holds() -> int:
    """Ends the legal holds whose day has come."""
    keys = end_those_over()
    if keys:
        audit.record("hold.ended", rows=keys)
    return len(keys)


@every(timedelta(minutes=10))
def delete_old_exports() -> int:
    """Deletes the files that nobody fetched within a day, and what a broken download left."""
    return files.delete_old()
