"""A lost device: somebody else takes away what its owner can no longer show."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django_tasks import TaskContext, task
from wagtail.log_actions import log

from accounts.factors.changing import remove_all
from accounts.in_their_words import in_words_of
from accounts.models import User
from jobs.registry import SOMEBODY_WAITS
from mails import rendering
from security import audit

LOG_TAKEN_AWAY = "accounts.take_away_factors"


def take_away(user: User, by: User | None = None) -> bool:
    """Ends the user's sessions and mails them. False where there was nothing to take away."""
    if not remove_all(user):
        return False
    log(instance=user, action=LOG_TAKEN_AWAY, user=by)
    audit.record("user.factors_taken_away", by, [user.pk])
    send_taken_away.enqueue(user_id=user.pk)
    return True


@task(takes_context=True, priority=SOMEBODY_WAITS)
def send_taken_away(context: TaskContext, user_id: int) -> None:
    for user in get_user_model().objects.filter(pk=user_id):
        render_taken_away(user, context.task_result.id).send()


def render_taken_away(user: User, job: str) -> EmailMultiAlternatives:
    link = settings.BASE_URL + reverse("wagtailadmin_login")
    told = {"username": user.get_username(), "link": link}
    with in_words_of(user):
        return rendering.render("factors_taken_away", told, to=user.email, key=job)
