"""Asking a second person, who is told by mail; and so is the asker, of what was decided."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django_tasks import TaskContext, task

from accounts.in_their_words import in_words_of
from accounts.models import User
from jobs.registry import SOMEBODY_WAITS
from mails import rendering
from security import two_persons
from security.models import Approval


def ask(act: str, subject: object, by: User, reason: str) -> Approval:
    """Raises: two_persons.RefusedError."""
    approval = two_persons.ask(act, subject, by, reason)
    others = get_user_model().objects.filter(is_active=True).exclude(pk=by.pk).exclude(email="")
    for user in others:
        if two_persons.acts[act].may(user):
            mail_about.enqueue(user_id=user.pk, approval_id=str(approval.pk))
    return approval


def tell_asker(approval: Approval) -> None:
    mail_about.enqueue(user_id=approval.asked_by_id, approval_id=str(approval.pk))


@task(takes_context=True, priority=SOMEBODY_WAITS)
def mail_about(context: TaskContext, user_id: int, approval_id: str) -> None:
    """Nothing about what was decided meanwhile by somebody else, or taken back."""
    approval = Approval.objects.select_related("asked_by").filter(pk=approval_id).first()
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if approval is None or user is None or not user.email:
        return
    is_asker, waits = user == approval.asked_by, approval.state == Approval.State.WAITING
    if is_asker != waits and approval.state != Approval.State.WITHDRAWN:
        render_about(approval, user, context.task_result.id).send()


def render_about(approval: Approval, user: User, job: str) -> EmailMultiAlternatives:
    """Says neither what was asked for nor why: that is read behind the log-in."""
    told = {
        "approval": approval,
        "name": approval.asked_by.get_full_name() or approval.asked_by.get_username(),
        "link": settings.BASE_URL + reverse("approvals"),
    }
    with in_words_of(user):
        return rendering.render("second_person", told, to=user.email, key=f"{job}.{user.pk}")
