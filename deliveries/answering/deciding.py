"""An answer's way: it comes by a link, waits to be read, and is published or is not."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogContext, log

from accounts.models import User
from campaigns.models import Answer, AnswerTranslation
from deliveries.answering.forms import replied
from deliveries.models import AnswerLink

LOGGED = {
    "answer_published": (_("Publish an answer"), _("An answer was published")),
    "answer_taken_down": (_("Take an answer down"), _("An answer was taken down")),
    "answer_refused": (_("Refuse an answer"), _("An answer was refused, and deleted")),
    "answer_translated": (_("Translate an answer"), _("An answer was translated")),
}


def receive(link: AnswerLink, sent: Mapping[str, Any]) -> Answer | None:
    """Keeps what was sent, for somebody to read; None where another post used the link up."""
    with transaction.atomic():
        is_first = AnswerLink.objects.open().filter(pk=link.pk, generation=link.generation)
        # The mailbox is of no use any more.
        if not is_first.update(used_at=timezone.now(), mailbox=""):
            return None
        return Answer.objects.create(
            delivery=link.delivery,
            signed_as=sent["signed_as"],
            language=sent["language"],
            text=sent["text"],
            scan=sent["scan"] or "",
        )


def held(answer: Answer, state: Answer.State) -> Answer:
    """The row as it is now, which nobody else decides about meanwhile.

    Raises: Answer.DoesNotExist, where somebody else has decided before.
    """
    rows = Answer.objects.select_for_update(of=("self",)).select_related("delivery__petition")
    found: Answer = rows.get(pk=answer.pk, state=state)
    return found


def decide(answer: Answer, state: Answer.State, by: User, act: str, reason: str = "") -> None:
    answer.state, answer.decided_at, answer.decided_by = state, timezone.now(), by
    answer.save()
    with LogContext(user=by):
        log(answer.petition, f"deliveries.{act}", data={"reason": reason, "answer": str(answer.pk)})


@transaction.atomic
def publish(answer: Answer, by: User, chosen: Mapping[str, Any]) -> None:
    """Raises: Answer.DoesNotExist."""
    answer = held(answer, Answer.State.WAITING)
    answer.text = answer.text or chosen["text"]
    answer.is_scan_public = chosen.get("is_scan_public", False)
    event = replied(answer, chosen["date"])
    event.save()
    answer.event = event
    decide(answer, Answer.State.PUBLISHED, by, "answer_published")


@transaction.atomic
def take_down(answer: Answer, by: User) -> None:
    """It waits again, and is gone from every page. Raises: Answer.DoesNotExist."""
    answer = held(answer, Answer.State.PUBLISHED)
    event, answer.event = answer.event, None
    decide(answer, Answer.State.WAITING, by, "answer_taken_down")
    if event:
        event.delete()


@transaction.atomic
def refuse(answer: Answer, by: User, reason: str) -> None:
    """Nothing of it stays but that it came. Raises: Answer.DoesNotExist."""
    answer = held(answer, Answer.State.WAITING)
    name, storage = answer.scan.name, answer.scan.storage
    answer.text, answer.scan = "", ""
    answer.translations.all().delete()
    decide(answer, Answer.State.REFUSED, by, "answer_refused", reason)
    if name:
        transaction.on_commit(partial(storage.delete, name))


@transaction.atomic
def translate(answer: Answer, by: User, language: str, text: str) -> None:
    """An empty text takes a translation away."""
    if text:
        AnswerTranslation.objects.update_or_create(
            answer=answer, language=language, defaults={"text": text}
        )
    else:
        answer.translations.filter(language=language).delete()
    with LogContext(user=by):
        log(answer.petition, "deliveries.answer_translated", data={"language": language})


def register(actions: LogActionRegistry) -> None:
    for act, (label, message) in LOGGED.items():
        actions.register_action(f"deliveries.{act}", label, message)
