"""Mails to signers, rendered when they are sent, so that no address waits in the queue."""

import logging
import smtplib
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import TaskContext, task

from jobs.registry import SOMEBODY_WAITS, NotYetError, PermanentError
from mails import rendering
from mails.reaching import reach
from security import limits
from signatures.mailboxes import likely_mailbox
from signatures.models import (
    CONFIRM_WITHIN,
    Allowance,
    Submission,
    SubmissionQuerySet,
    Suppression,
    site_key,
)
from signatures.signing import allowances, confirming
from signatures.signing.confirming import Standing, State
from signatures.signing.discretion import is_discreet
from signatures.signing.tokens import code_for, confirm_token, own_token

logger = logging.getLogger(__name__)

WAIT_FOR_ROOM = timedelta(seconds=10)
# So many of a seat's posts may wait for a mail each: more could not be mailed in their seven days.
WAITING = allowances.A_DAY * CONFIRM_WITHIN.days


@task(takes_context=True, priority=SOMEBODY_WAITS)
def send(context: TaskContext, mailbox: str) -> None:
    """Sends a mailbox the one mail about all that waits for it.

    Nothing is sent to a mailbox that asked for silence, nor more than five times a day.

    Raises:
        NotYetError: the site sends as much as it may just now.
        PermanentError: the mailbox does not exist, or this server cannot reach it.
    """
    job = context.task_result.id
    submissions = bound(job, mailbox)
    if not submissions:
        return
    wait_for_room()
    try:
        deliver(render(submissions, job))
    except PermanentError:
        bound_to(job, mailbox).update(job=None)
        raise
    sent = bound_to(job, mailbox)
    sent.update(is_waiting=False, mailed_at=timezone.now(), mail_after=None, job=None)
    if Submission.objects.waiting(mailbox).filter(job=None).exists():
        send.enqueue(mailbox=mailbox)


def let_few_wait(mailbox: str) -> None:
    """Forgets all but a few of a seat's that wait for their first mail.

    The first stays, and the newest. A stranger who wants somebody's post out of the way has to send
    more after it than could be mailed at all.
    """
    unsent = Submission.objects.filter(mailbox=mailbox, is_waiting=True, mailed_at=None, job=None)
    by_seat = unsent.order_by().values_list("signature").annotate(number=Count("pk"))
    for seat, _number in by_seat.filter(number__gt=WAITING):
        of_seat = unsent.filter(signature=seat).order_by("created_at", "id")
        newest = of_seat.reverse()[: WAITING - 1]
        # In one statement, whatever waits by now.
        others = of_seat.exclude(pk__in=of_seat.values("pk")[:1])
        others.exclude(pk__in=newest.values("pk")).delete()


def deliver(message: EmailMultiAlternatives) -> None:
    """Raises: PermanentError, where the mailbox does not exist or this server cannot reach it."""
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
        if is_transient(error):
            raise
        # Without the server's words, which name the mailbox.
        raise PermanentError("the mailbox cannot be reached") from None


def is_transient(error: smtplib.SMTPException) -> bool:
    """Whether the server may take the mail later."""
    refused = error.recipients if isinstance(error, smtplib.SMTPRecipientsRefused) else {}
    return any(code < 500 for code, _words in refused.values())


def bound_to(job: str, mailbox: str) -> SubmissionQuerySet:
    return Submission.objects.waiting(mailbox).filter(job=job)


def bound(job: str, mailbox: str) -> list[Submission]:
    """What this job's mail is about: the same again when the job is tried again.

    Of each petition the oldest: what was sent for it later gets a mail of its own. A job that
    comes upon the day's last mail puts off what waits, and leaves it to a later one.
    """
    while found := waiting_for(mailbox):
        # Of all spellings that one person may read, whatever they sign as.
        reader = reader_of(found[0].details["email"])
        if Suppression.objects.filter(mailbox_key=reader).exists():
            for submission in found:
                confirming.remove(submission)
            return []
        ours = [each for each in found if str(each.job) == job]
        unbound = oldest_of_each([each for each in found if each.job is None])
        if not ours and not unbound:
            return []
        if ours or bind(unbound, job):
            return (ours or unbound) if within_the_day(reader, job, mailbox) else []
        # Another job for the mailbox was quicker, and something else may be left.
    return []


def waiting_for(mailbox: str) -> list[Submission]:
    """The oldest first. Of a seat that has too many only a few."""
    waiting = Submission.objects.waiting(mailbox).select_related("signature", "text")
    found = list(waiting[: WAITING + 1])
    if len(found) <= WAITING:
        return found
    let_few_wait(mailbox)
    return list(waiting)


def oldest_of_each(submissions: list[Submission]) -> list[Submission]:
    """Of each petition the first."""
    found: dict[uuid.UUID, Submission] = {}
    for each in submissions:
        found.setdefault(each.signature.petition_id, each)
    return list(found.values())


def bind(submissions: list[Submission], job: str) -> bool:
    """Whether all of them are the job's now."""
    free = Submission.objects.filter(pk__in=[each.pk for each in submissions], job=None)
    return free.filter(is_waiting=True).update(job=job) == len(submissions)


def within_the_day(reader: str, job: str, mailbox: str) -> bool:
    """Takes one of the day's mails; where there is none, puts off what waits for one."""
    kind = Allowance.Kind.MAIL
    if allowances.take_allowance(reader, kind, uuid.UUID(job)):
        return True
    left = Submission.objects.waiting(mailbox).filter(Q(job=None) | Q(job=job))
    left.update(job=None, mail_after=allowances.next_free(reader, kind))
    return False


def reader_of(address: str) -> str:
    """The hash with the site's key of who probably reads what is sent to an address."""
    return site_key().hash(likely_mailbox(address))


def wait_for_room() -> None:
    """The site's own limit: a mistake or an attack is slowed and told of, and nothing is lost.

    Raises: NotYetError, also where the mail server is known to be away.
    """
    reach.check()
    rate = limits.Rate(settings.MAILS_PER_MINUTE, 60 / settings.MAILS_PER_MINUTE)
    if not limits.take([limits.Limit("mails", rate)]):
        return
    if not limits.take([limits.Limit("mails told of", limits.Rate(1, 60))]):
        logger.error(
            "More than %s mails a minute are due: the rest wait.", settings.MAILS_PER_MINUTE
        )
    raise NotYetError(WAIT_FOR_ROOM)


def render(submissions: list[Submission], job: str) -> EmailMultiAlternatives:
    """The mail in the language of the latest; its Message-ID is the same at every try."""
    language = submissions[-1].language
    counted = confirming.counted(submissions)
    with translation.override(language):
        letters = [letter(each, counted.get(each.pk)) for each in submissions]
        return composed(letters, job, is_discreet(submissions[0].details["email"]))


def composed(
    letters: list[dict[str, Any]], job: str, is_discreet: bool = False
) -> EmailMultiAlternatives:
    """The mail in the language that is active.

    It holds no name: whoever writes a stranger's address into the form decides nothing of what
    that stranger reads.
    """
    # By the spelling that was confirmed, and no other, one learns where a signature is.
    sent_to = next((each for each in letters if each["kind"] == "already"), letters[0])["sent_to"]
    if is_discreet:
        return discreet(letters, to=sent_to, key=job)
    context = {
        "letters": letters,
        "title": letters[0]["title"],
        "stop_url": letters[0]["stop_url"],
    }
    kind = "several" if len(letters) > 1 else letters[0]["kind"]
    return rendering.render("signatures", context, to=sent_to, key=job, subject=kind)


def discreet(letters: list[dict[str, Any]], *, to: str, key: str) -> EmailMultiAlternatives:
    """What it says, and from whom, tells a glance neither of a petition nor of signing."""
    has_code = any("code" in each for each in letters)
    context = {"letters": letters, "has_code": has_code, "stop_url": letters[0]["stop_url"]}
    sender = settings.DISCREET_FROM_EMAIL
    return rendering.render("discreet", context, to=to, key=key, sender=sender)


def letter(submission: Submission, found: Standing | None) -> dict[str, Any]:
    """What the mail says about one submission, and the signature of its signer that counts."""
    token = confirm_token(submission)
    said = {
        "kind": "confirm",
        "title": submission.text.title,
        "language": submission.text.language,
        "sent_to": submission.details["email"],
        "code": code_for(submission),
        "confirm_url": address("confirm", token),
        "stop_url": address("stop", token),
    }
    if found is None or found.signature is None:
        return said
    own = own_token(found.signature)
    del said["code"]
    return {
        **said,
        "kind": "already",
        "is_changed": found.state == State.CHANGE,
        "sent_to": found.signature.email,
        "own_url": address("own", own),
        "stop_url": address("stop", own),
    }


def address(name: str, token: str) -> str:
    return settings.BASE_URL + reverse(f"signatures:{name}", args=[token])
