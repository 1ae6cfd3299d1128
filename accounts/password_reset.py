"""A link for a new password: asked for by anybody, mailed by the worker to whom it belongs."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import TaskContext, task

from accounts.in_their_words import in_words_of
from accounts.log_in import LimitedBackend, normalized
from accounts.models import User
from jobs.registry import SOMEBODY_WAITS
from mails import rendering
from security.limits import Limit, Rate, keyed_hash, network_limits, take

# In any hour at most four mails to a mailbox, ten from an address, sixty from a network.
RESETS_OF_MAILBOX = Rate(2, 1800)
RESETS_OF_ADDRESS = Rate(5, 720)
RESETS_OF_NETWORK = Rate(30, 120)


def mailbox_key(email: str) -> str:
    return keyed_hash(f"password-reset/{normalized(email)}")


def ask_for_link(request: HttpRequest, email: str) -> float:
    """Makes the job, for a mailbox that nobody has too; or returns the seconds to wait.

    The job knows the mailbox by a keyed hash alone, since anybody's may have been typed.
    """
    key = mailbox_key(email)
    limits = network_limits(request, "password-reset", (RESETS_OF_ADDRESS, RESETS_OF_NETWORK))
    wait = take([*limits, Limit(key, RESETS_OF_MAILBOX)])
    if not wait:
        send.enqueue(mailbox=key, language=translation.get_language())
    return wait


def holders(key: str) -> Iterator[Any]:
    """Who has the mailbox, and may get in by a password."""
    with_mailbox = get_user_model().objects.filter(is_active=True).exclude(email="")
    for user in with_mailbox.order_by("pk").iterator():
        may_enter = user.has_usable_password() and LimitedBackend().user_can_authenticate(user)
        if may_enter and mailbox_key(user.email) == key:
            yield user


@task(takes_context=True, priority=SOMEBODY_WAITS)
def send(context: TaskContext, mailbox: str, language: str) -> None:
    for user in holders(mailbox):
        render(user, language, context.task_result.id).send()


def render(user: User, language: str, job: str) -> EmailMultiAlternatives:
    """The mail in the user's own language, or in that of the page where it was asked for."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse(
        "wagtailadmin_password_reset_confirm",
        args=[uid, default_token_generator.make_token(user)],
    )
    context = {
        "username": user.get_username(),
        "link": settings.BASE_URL + path,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    with in_words_of(user, language):
        return rendering.render("password_reset", context, to=user.email, key=f"{job}.{user.pk}")
