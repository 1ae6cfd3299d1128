"""An invitation: an account without a password, and an email with a link to choose one."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.text import slugify
from django_tasks import TaskContext, task
from wagtail.users.models import UserProfile

from accounts.models import User
from jobs.registry import SOMEBODY_WAITS
from mails import rendering

VALID_FOR = timedelta(days=7)
SALT = "staff.invitation"
LONGEST_NAME = 30


class InvitationTokens:
    """In the way of Django's for password resets, but good for days, and for the invited alone."""

    def make_token(self, user: User) -> str:
        return signing.dumps(self._state(user), salt=SALT)

    def check_token(self, user: User | None, token: str | None) -> bool:
        if user is None or token is None or not is_invited(user):
            return False
        try:
            state = signing.loads(token, salt=SALT, max_age=VALID_FOR)
        except signing.BadSignature:
            return False
        return constant_time_compare(str(state), self._state(user))

    def _state(self, user: User) -> str:
        """Changes with the password and the mailbox, so that a link works once, for one person."""
        value = f"{user.pk}/{user.password}/{user.email}"
        return salted_hmac(SALT, value, algorithm="sha256").hexdigest()


invitation_tokens = InvitationTokens()


def is_invited(user: User) -> bool:
    """Whether somebody has an account and has chosen no password yet."""
    return bool(user.is_active and not user.has_usable_password())


def free_username(email: str) -> str:
    """A name from the mailbox that nobody has."""
    base = slugify(email.partition("@")[0])[:LONGEST_NAME] or "user"
    taken = get_user_model().objects.filter(username__istartswith=base)
    names = {name.lower() for name in taken.values_list("username", flat=True)}
    numbered = (f"{base}-{number}" for number in range(2, len(names) + 3))
    return base if base not in names else next(name for name in numbered if name not in names)


def language_of(user: User) -> str:
    return UserProfile.get_for_user(user).get_preferred_language()


def invite(user: User, language: str) -> None:
    """Has the link sent, in the language in which the invited will read the admin, too."""
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    send.enqueue(user=user.pk)


@task(takes_context=True, priority=SOMEBODY_WAITS)
def send(context: TaskContext, user: int) -> None:
    invited = get_user_model().objects.filter(pk=user).first()
    if invited and is_invited(invited):
        render(invited, context.task_result.id).send()


def render(user: User, job: str) -> EmailMultiAlternatives:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("staff_invitation", args=[uid, invitation_tokens.make_token(user)])
    context = {
        "username": user.get_username(),
        "first_name": user.first_name,
        "link": settings.BASE_URL + path,
        "days": VALID_FOR.days,
    }
    with translation.override(language_of(user)):
        return rendering.render("invitation", context, to=user.email, key=f"{job}.{user.pk}")
