"""The links to a mailbox's signatures: all of them in one mail for who lost them, or a new one."""

import uuid
from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django_tasks import TaskContext, task
from wagtail.models import Site

from jobs.registry import SOMEBODY_WAITS, NotYetError
from mails import rendering
from signatures.mailboxes import Mailbox, campaign_keys, reader_of
from signatures.models import Allowance, Erased, HashKey, Signature, Submission, Suppression
from signatures.signing import allowances, emails
from signatures.signing.confirming import State, standing
from signatures.signing.discretion import is_discreet
from signatures.signing.emails import address
from signatures.signing.tokens import confirm_token, own_token

# Of the day's five mails, so that strangers who ask for these leave some to sign with.
ASKED_A_DAY = 2
Listed = dict[str, Any]


def ask_for_links(mailbox: Mailbox, language: str) -> None:
    """Makes the job, with the same statements for a mailbox that never signed.

    It knows the mailbox by keyed hashes alone, since anybody's may have been typed.
    """
    mail_links.enqueue(
        keys=campaign_keys(mailbox.canonical),
        mailbox=mailbox.key(HashKey.of(None)),
        language=language,
    )


@task(takes_context=True, priority=SOMEBODY_WAITS)
def mail_links(context: TaskContext, keys: list[str], mailbox: str, language: str) -> None:
    """Mails a mailbox its links, or nothing where there is nothing.

    Raises:
        NotYetError: the day's mails are used up, or the site sends as much as it may just now.
        PermanentError: the mailbox does not exist, or this server cannot reach it.
    """
    job = uuid.UUID(context.task_result.id)
    # Links, too, lead to pages of the language.
    with translation.override(language):
        for number, (sent_to, entries) in enumerate(by_spelling(keys, mailbox).items()):
            reader = reader_of(sent_to)
            kind = Allowance.Kind.LINK
            if allowances.take_allowance(reader, kind, job, ASKED_A_DAY) and may_mail(reader, job):
                emails.deliver(links_mail(entries, sent_to, f"{job}.{number}"))


def may_mail(reader: str, job: uuid.UUID) -> bool:
    """Whether a mailbox is written to at all.

    Raises: NotYetError.
    """
    if not is_wanted(reader, job):
        return False
    emails.wait_for_room()
    return True


def is_wanted(reader: str, job: uuid.UUID) -> bool:
    """The same, apart from what the site sends besides.

    Raises: NotYetError, where the mailbox has had as many as a day has.
    """
    if Suppression.objects.filter(mailbox_key=reader).exists():
        return False
    kind = Allowance.Kind.MAIL
    if not allowances.take_allowance(reader, kind, job):
        # A moment later than another mail may take it.
        wait = allowances.next_free(reader, kind) - timezone.now()
        raise NotYetError(max(wait, timedelta()) + timedelta(minutes=1))
    return True


def by_spelling(keys: list[str], mailbox: str) -> dict[str, list[Listed]]:
    """What there is to tell, by the very address with which each was signed.

    By no other spelling one learns where a signature is. Of who took theirs back no address is
    left: these go along where there is no doubt.
    """
    found: dict[str, list[Listed]] = defaultdict(list)
    withdrawn: list[Listed] = []
    signed = Signature.objects.with_own_page().filter(mailbox_key__in=keys)
    for signature in signed.select_related("text").order_by("asked_at", "id"):
        place = found[signature.email] if signature.email else withdrawn
        place.append(own_entry(signature))
    for submission in waiting(mailbox):
        found[submission.details["email"]].append(waiting_entry(submission))
    if len(found) == 1:
        next(iter(found.values())).extend(withdrawn)
    return dict(found)


def waiting(mailbox: str) -> list[Submission]:
    """Of each petition what was mailed last and can still be confirmed."""
    sent = Submission.objects.live().filter(mailbox=mailbox, confirmed_at=None)
    mailed = sent.filter(mailed_at__isnull=False).order_by("mailed_at", "id")
    newest = {
        each.signature.petition_id: each
        for each in mailed.select_related("signature__petition__parent", "text")
        if (state := standing(each).state).can_be_confirmed and state != State.SAME
    }
    return list(newest.values())


def own_entry(signature: Signature) -> Listed:
    token = own_token(signature)
    return {
        "kind": signature.status,
        "title": signature.text.title,
        "language": signature.text.language,
        "own_url": address("own", token),
        "stop_url": address("stop", token),
    }


def waiting_entry(submission: Submission) -> Listed:
    token = confirm_token(submission)
    return {
        "kind": "waiting",
        "title": submission.text.title,
        "language": submission.text.language,
        "confirm_url": address("confirm", token),
        "stop_url": address("stop", token),
    }


def links_mail(
    entries: list[Listed], sent_to: str, key: str, is_new: bool = False
) -> EmailMultiAlternatives:
    """The mail in the language that is active."""
    if is_discreet(sent_to):
        return emails.discreet(entries, to=sent_to, key=key)
    context = {
        "entries": entries,
        "is_new": is_new,
        "title": translation.gettext("The links to your signatures"),
        "brand": Site.objects.get(is_default_site=True).root_page.localized.title,
        "stop_url": entries[0]["stop_url"],
    }
    return rendering.render("own_links", context, to=sent_to, key=key)


def renew(signature: Signature, language: str) -> Signature:
    """Makes every link mailed before worthless, and has a new one mailed."""
    with transaction.atomic():
        held = Signature.objects.select_for_update().get(pk=signature.pk)
        end_links(held, held.generation + 1)
        mail_new_link.enqueue(signature=str(signature.pk), language=language)
    signature.refresh_from_db()
    return signature


def end_links(signature: Signature, generation: int) -> None:
    """Leaves the links of a generation alone; those that led here by what was sent end, too."""
    Signature.objects.filter(pk=signature.pk).update(generation=generation)
    was_mailed = Q(mailed_at__isnull=False) | Q(confirmed_at__isnull=False)
    Submission.objects.of_person(signature).filter(was_mailed).delete()
    Erased.objects.record(Erased.What.LINKS, [signature.pk], generation)


@task(takes_context=True, priority=SOMEBODY_WAITS)
def mail_new_link(context: TaskContext, signature: str, language: str) -> None:
    """Mails the link that took the place of others.

    Raises: as `mail_links`.
    """
    found = Signature.objects.with_own_page().select_related("text").exclude(email="")
    renewed = found.get(pk=signature)
    job = uuid.UUID(context.task_result.id)
    if may_mail(reader_of(renewed.email), job):
        with translation.override(language):
            message = links_mail([own_entry(renewed)], renewed.email, str(job), is_new=True)
        emails.deliver(message)
