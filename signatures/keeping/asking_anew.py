"""Asks those who signed in a round that is closed to sign in the next, once and by mail."""

import uuid

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone, translation
from django_tasks import TaskContext, task

from campaigns.models import Petition, Round
from jobs.registry import AwayError
from mails import rendering
from signatures.keeping.retention import kept_until
from signatures.mailboxes import reader_of
from signatures.models import Signature, SignatureQuerySet
from signatures.signing import emails, own_links
from signatures.signing.emails import Sender, address
from signatures.signing.tokens import own_token

# Jobs made in one transaction.
AT_ONCE = 500
# Up to which all are asked, once no one is left to ask.
LAST = uuid.UUID(int=2**128 - 1)


@task
def ask_all(closed: int) -> None:
    """Makes a job for each, and knows how far it got: nobody is asked twice."""
    while ask_some(closed):
        pass


@transaction.atomic
def ask_some(closed: int) -> bool:
    """Whether there were any left."""
    found = Round.objects.select_for_update().get(pk=closed)
    left = to_ask(Signature.objects.filter(round=found)).order_by("pk")
    if found.asked_up_to:
        left = left.filter(pk__gt=found.asked_up_to)
    keys = list(left.values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        mail_asking.enqueue(signature=str(key))
    found.asked_up_to = keys[-1] if keys else LAST
    found.save(update_fields=["asked_up_to"])
    return bool(keys)


def ask_late(rows: SignatureQuerySet) -> None:
    """Whoever was in review, or invalid, when the round closed, and is neither any more.

    In the transaction that makes them so. Those whose turn has yet to come are asked with the
    others.
    """
    found = dict(to_ask(rows.exclude(round=None)).values_list("pk", "round"))
    rounds = Round.objects.select_for_update().in_bulk(set(found.values())) if found else {}
    for key, closed in found.items():
        up_to = rounds[closed].asked_up_to
        if up_to and key <= up_to:
            mail_asking.enqueue(signature=str(key))


def to_ask(rows: SignatureQuerySet) -> SignatureQuerySet:
    """Of a round's: who counted in it, and is still known."""
    return rows.confirmed().filter(held_at=None, anonymised_at=None)


@task(takes_context=True)
def mail_asking(context: TaskContext, signature: str) -> None:
    """Asks one of them, unless that has no sense any more.

    Raises:
        NotYetError: the day's mails are used up.
        AwayError: the site sends as much as it may just now.
        PermanentError: the mailbox does not exist, or this server cannot reach it.
    """
    closed = to_ask(Signature.objects.exclude(round=None))
    asked = closed.select_related("petition__parent", "round", "text").get(pk=signature)
    job = uuid.UUID(context.task_result.id)
    with translation.override(asked.language):
        page = asked.petition.live_page(asked.language)
        if page is None or asked.petition.state() != Petition.State.OPEN:
            return
        if own_links.is_wanted(reader_of(asked.email), job):
            if not emails.take_room(1):
                # The others wait, too.
                raise AwayError(emails.WAIT_FOR_ROOM)
            emails.deliver(asking(asked, page.campaign.title, str(job)))


def asking(signature: Signature, campaign: str, key: str) -> EmailMultiAlternatives:
    """The mail in the language that is active."""
    token = own_token(signature)
    anew, stop = address("anew", token), address("stop", token)
    if signature.discreet:
        letters = [{"kind": "anew", "own_url": anew, "stop_url": stop}]
        return emails.discreet(letters, to=signature.email, key=key, is_asked=False)
    context = {
        "title": signature.text.title,
        "signed_in": signature.text.language,
        "round": signature.round,
        "kept_until": kept_until(signature, timezone.now()),
        "anew_url": anew,
        "stop_url": stop,
        "brand": campaign,
    }
    sender = str(Sender.of(campaign))
    return rendering.render("another_round", context, to=signature.email, key=key, sender=sender)
