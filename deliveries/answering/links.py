"""Giving a recipient the link to answer by, mailing it, and taking it back."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import TaskContext, task

from accounts.models import User
from campaigns.models import Delivery
from deliveries.answering.tokens import answer_token
from deliveries.models import AnswerLink
from deliveries.models.answer_links import ANSWERABLE_FOR
from jobs.registry import SOMEBODY_WAITS
from mails import rendering
from security import audit
from signatures.signing import emails


def give(delivery: Delivery, mailbox: str, language: str, by: User | None = None) -> AnswerLink:
    """A new link, mailed soon. One that was mailed before opens nothing any more."""
    with transaction.atomic():
        link, _is_new = AnswerLink.objects.select_for_update().get_or_create(
            delivery=delivery, defaults={"mailbox": mailbox, "language": language}
        )
        link.mailbox, link.language = mailbox, language
        link.generation += 1
        link.given_at = timezone.now()
        link.mailed_at = link.used_at = link.revoked_at = None
        link.save()
        audit.record("answer_link.given", by, [delivery.pk])
        mail_link.enqueue(link=str(link.pk), generation=link.generation)
    return link


def revoke(delivery: Delivery, by: User | None) -> bool:
    """Whether there was a link to take back."""
    with transaction.atomic():
        links = AnswerLink.objects.open().filter(delivery=delivery)
        is_revoked = bool(links.update(revoked_at=timezone.now(), mailbox=""))
        if is_revoked:
            audit.record("answer_link.revoked", by, [delivery.pk])
    return is_revoked


def mail_again(delivery: Delivery) -> None:
    """Mails the link where there is one, to whom it was mailed before."""
    for link in AnswerLink.objects.open().filter(delivery=delivery):
        mail_link.enqueue(link=str(link.pk), generation=link.generation)


def forget_old() -> int:
    old = timezone.now() - ANSWERABLE_FOR
    return AnswerLink.objects.filter(given_at__lte=old).exclude(mailbox="").update(mailbox="")


def page_url(delivery: Delivery) -> str:
    return settings.BASE_URL + reverse("deliveries:delivery", args=[delivery.code])


def answer_url(link: AnswerLink) -> str:
    return settings.BASE_URL + reverse("deliveries:answer", args=[answer_token(link)])


@task(takes_context=True, priority=SOMEBODY_WAITS)
def mail_link(context: TaskContext, link: str, generation: int) -> None:
    """Mails a link, unless there is a newer one or it was taken back since.

    Raises:
        NotYetError: the site sends as much as it may just now.
        PermanentError: the mailbox does not exist, or this server cannot reach it.
    """
    links = AnswerLink.objects.open().select_related("delivery__petition__parent")
    found = links.filter(pk=link, generation=generation).first()
    if found is None:
        return
    emails.wait_for_room()
    petition = found.delivery.petition
    with translation.override(found.language):
        page: Any = petition.live_page(found.language)
        words = {
            "recipient": found.delivery.recipient,
            "petition": page.heading if page else str(petition),
            "code": found.delivery.code_told,
            "page_url": page_url(found.delivery),
            "answer_url": answer_url(found),
        }
        mail = rendering.render("answer_link", words, to=found.mailbox, key=context.task_result.id)
    emails.deliver(mail)
    links.filter(pk=found.pk).update(mailed_at=timezone.now())
