"""The mail that tells a translator what waits, as often as they asked for it."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import TaskContext, task
from wagtail.admin.models import Admin
from wagtail.permissions import policy_registry
from wagtail.users.models import UserProfile

from accounts.models import User
from mails import rendering
from translation_desk.models import Digest
from translation_desk.workload import Workload, workload_of

# Nobody wants a mail in the night. By the clock of the site's time zone.
FIRST_HOUR = 6


def period_of(every: str, now: datetime) -> str:
    """The day or the ISO week that a digest is for."""
    day = timezone.localtime(now)
    return f"{day:%Y-%m-%d}" if every == Digest.Every.DAY else f"{day:%G-W%V}"


def enqueue_due(now: datetime | None = None) -> int:
    """Makes the jobs of those whose day or week has none yet, and returns how many.

    The period and the job are stored together, on the condition that the period is a new one, so
    that of several workers one makes the job, and one that is killed makes both or neither.
    """
    now = now or timezone.now()
    if timezone.localtime(now).hour < FIRST_HOUR:
        return 0
    made = 0
    for digest in Digest.objects.exclude(every=Digest.Every.NEVER).filter(user__is_active=True):
        period = period_of(digest.every, now)
        with transaction.atomic():
            due = Digest.objects.filter(pk=digest.pk, every=digest.every).exclude(period=period)
            if due.update(period=period):
                send.enqueue(digest_id=digest.pk)
                made += 1
    return made


@task(takes_context=True)
def send(context: TaskContext, digest_id: int) -> None:
    """Sends the digest, unless nothing waits or it is not wanted any more."""
    digest = Digest.objects.filter(pk=digest_id).select_related("user").first()
    if digest is None or not digest.every or not digest.user.is_active or not digest.user.email:
        return
    languages = [each for each in workload_of(digest.user) if not each.is_empty]
    if languages and may_log_in(digest.user):
        render(digest, languages, context.task_result.id).send()


def may_log_in(user: User) -> bool:
    """Whether a user gets into the admin."""
    return bool(policy_registry.get_by_type(Admin).user_has_permission(user, "access"))


def render(digest: Digest, languages: list[Workload], job: str) -> EmailMultiAlternatives:
    """The mail in the user's own language; its Message-ID is the same at every try."""
    user = digest.user
    profile = UserProfile.get_for_user(user)
    language = profile.preferred_language or digest.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(profile.get_current_time_zone()):
        context = {
            "languages": languages,
            "base": settings.BASE_URL,
            "account_url": settings.BASE_URL + reverse("wagtailadmin_account"),
        }
        return rendering.render("digest", context, to=user.email, key=job)
