"""Mails to signers, rendered when they are sent, so that no address waits in the queue."""

import logging
import smtplib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email.utils import parseaddr, quote
from itertools import takewhile
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django_tasks import TaskContext, task
from django_tasks.base import TaskResult

from campaigns.models import Petition
from jobs.registry import SOMEBODY_WAITS, Ended, NotYetError, PermanentError, together
from mails import rendering
from mails.reaching import reach
from security import limits
from signatures.models import Submission
from signatures.signing import due, figures
from signatures.signing.confirming import Standing, State
from signatures.signing.due import Due
from signatures.signing.tokens import code_for, confirm_token, own_token

logger = logging.getLogger(__name__)

WAIT_FOR_ROOM = timedelta(seconds=10)
# More of a sender's name no list of mails shows.
SENDER_LETTERS = 64
# As many as are sent within a second or so: the others that are due belong to other threads.
TOGETHER = 25


@task(takes_context=True, priority=SOMEBODY_WAITS)
def send(context: TaskContext, mailbox: str) -> None:
    """Sends a mailbox the one mail about all that waits for it.

    Nothing is sent to a mailbox that asked for silence, nor more than five times a day.

    Raises:
        NotYetError: the site sends as much as it may just now.
        PermanentError: the mailbox does not exist, or this server cannot reach it.
    """
    for _job, error in send_several([context.task_result]):
        if error:
            raise error


@together(send, TOGETHER)
def send_several(asked: Sequence[TaskResult[Any]]) -> Iterator[Ended]:
    """What mails need is looked up for all of them at once, so that each takes few statements."""
    left = {each.id: str(each.kwargs["mailbox"]) for each in asked}
    while left:
        found = due.look_up(left)
        mails = [mail for mail in found.values() if mail]
        room = take_room(len(mails)) if mails else 0
        for job in [job for job, mail in found.items() if not mail]:
            del left[job]
            yield job, None
        for number, mail in enumerate(mails):
            del left[mail.job]
            if number < room:
                yield mail.job, send_one(mail, is_new=len(mails) == 1)
            else:
                yield mail.job, NotYetError(WAIT_FOR_ROOM)


def send_one(mail: Due, *, is_new: bool) -> Exception | None:
    """Sends what is still to be sent just so, and returns what went wrong with it.

    Args:
        is_new: nothing was done since it was looked up, such as sending others.
    """
    # What tells of a signature tells how it stands now.
    if not is_new and (mail.counted or not mail.is_as_it_was()):
        again = looked_up_anew(mail)
        return send_one(again, is_new=True) if again else None
    try:
        deliver(render(mail))
    except PermanentError as error:
        mail.release()
        return error
    except Exception as error:  # noqa: BLE001 - the others' mails go on
        return error
    mail.mark_sent()
    if mail.unbound:
        send.enqueue(mailbox=mail.mailbox)
    return None


def looked_up_anew(mail: Due) -> Due | None:
    jobs = {mail.job: mail.mailbox}
    while mail.job not in (found := due.look_up(jobs)):
        # Another job for the mailbox was quicker, and something else may be left.
        pass
    return found[mail.job]


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


class Sender(NamedTuple):
    """A campaign's name at the site's address."""

    name: str
    address: str

    @classmethod
    def of(cls, campaign: str) -> "Sender":
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        return cls(Truncator(campaign).chars(SENDER_LETTERS) or name, address)

    def __str__(self) -> str:
        return f'"{quote(self.name)}" <{self.address}>'


def wait_for_room() -> None:
    """Raises: NotYetError, where the site sends as much as it may, or the mail server is away."""
    if not take_room(1):
        raise NotYetError(WAIT_FOR_ROOM)


def take_room(number: int) -> int:
    """How many of so many mails may go out now.

    The site's own limit: a mistake or an attack is slowed and told of, and nothing is lost.

    Raises: AwayError, where the mail server is known to be away.
    """
    reach.check()
    # However empty it is, the bucket never has room for more at once.
    room = min(number, settings.MAILS_PER_MINUTE)
    if limits.take([mails_limit(room)]):
        one = [mails_limit(1)]
        room = len(list(takewhile(lambda _number: not limits.take(one), range(room))))
    if room < number and not limits.take([limits.Limit("mails told of", limits.Rate(1, 60))]):
        logger.error(
            "More than %s mails a minute are due: the rest wait.", settings.MAILS_PER_MINUTE
        )
    return room


def mails_limit(number: int) -> limits.Limit:
    rate = limits.Rate(settings.MAILS_PER_MINUTE, 60 / settings.MAILS_PER_MINUTE)
    return limits.Limit("mails", rate, number)


def render(mail: Due) -> EmailMultiAlternatives:
    """The mail in the language of the latest; its Message-ID is the same at every try."""
    with translation.override(mail.submissions[-1].language):
        letters = [
            letter(
                each,
                mail.counted.get(each.pk),
                figures.of_submission(each),
                is_open=each.petition_state == Petition.State.OPEN,
            )
            for each in mail.submissions
        ]
        campaigns = {each.campaign_title for each in mail.submissions}
        campaign = campaigns.pop() if len(campaigns) == 1 else ""
        return composed(letters, mail.job, campaign or "", mail.is_discreet)


def composed(
    letters: list[dict[str, Any]], job: str, campaign: str, is_discreet: bool = False
) -> EmailMultiAlternatives:
    """The mail in the language that is active, from the campaign or, for several, from the site.

    It holds no name: whoever writes a stranger's address into the form decides nothing of what
    that stranger reads.
    """
    # By the spelling that was confirmed, and no other, one learns where a signature is.
    sent_to = next((each for each in letters if each["kind"] == "already"), letters[0])["sent_to"]
    if is_discreet:
        return discreet(letters, to=sent_to, key=job)
    sender, codes = Sender.of(campaign), [each["code"] for each in letters if "code" in each]
    context = {
        "letters": letters,
        "title": letters[0]["title"],
        "code": " ".join((codes[0][:3], codes[0][3:])) if codes else "",
        "waiting": len(codes),
        "brand": sender.name,
        "stop_url": letters[0]["stop_url"],
    }
    return rendering.render(
        "signatures", context, to=sent_to, key=job, subject=subject(letters), sender=str(sender)
    )


def subject(letters: list[dict[str, Any]]) -> str:
    """Which one, by what is left to do."""
    waiting = sum("code" in each for each in letters)
    if waiting:
        return "confirm" if waiting == 1 else "waiting"
    return "several" if len(letters) > 1 else str(letters[0]["kind"])


def discreet(
    letters: list[dict[str, Any]], *, to: str, key: str, is_asked: bool = True
) -> EmailMultiAlternatives:
    """What it says, and from whom, tells a glance neither of a petition nor of signing.

    Args:
        is_asked: somebody has just asked for it.
    """
    context = {
        "letters": letters,
        "has_code": any("code" in each for each in letters),
        "is_asked": is_asked,
        "stop_url": letters[0]["stop_url"],
    }
    sender = settings.DISCREET_FROM_EMAIL
    return rendering.render("discreet", context, to=to, key=key, sender=sender)


def letter(
    submission: Submission,
    found: Standing | None,
    tie: dict[str, Any] | None,
    *,
    is_open: bool = True,
) -> dict[str, Any]:
    """What the mail says about one submission, and the signature of its signer that counts."""
    token = confirm_token(submission)
    said = {
        "kind": "confirm",
        "title": submission.text.title,
        "language": submission.text.language,
        "sent_to": submission.details["email"],
        "code": code_for(submission),
        "tie": tie,
        "confirm_url": address("confirm", token),
        "stop_url": address("stop", token),
    }
    if found is None or found.signature is None:
        if is_open:
            return said
        # Nothing can be confirmed: the link's page says why.
        del said["code"]
        return {**said, "kind": "over"}
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
