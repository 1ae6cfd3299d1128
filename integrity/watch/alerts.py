"""Waves are told to those who may judge them, each once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django_tasks import TaskContext, task

from accounts.in_their_words import in_words_of
from accounts.models import User
from campaigns.models import Petition
from campaigns.pages.queries import named
from integrity.models import Wave
from integrity.permissions import wave_policy
from jobs.registry import SOMEBODY_WAITS
from mails import rendering

# However many waves a flood makes, nobody gets more than a mail in so long.
AT_MOST_EVERY = timedelta(minutes=10)


def tell(now: datetime) -> int:
    """Makes the jobs of one mail about all that nobody was told of yet; returns of how many."""
    waves = Wave.objects.filter(told_at=None).order_by("since", "pk")
    if Wave.objects.filter(told_at__gt=now - AT_MOST_EVERY).exists():
        return 0
    with transaction.atomic():
        # Of two workers each tells of its own.
        keys = [pk for pk in waves.values_list("pk", flat=True) if mark_told(pk, now)]
        for user in judges() if keys else ():
            mail_about_waves.enqueue(user_id=user.pk, waves=keys)
    return len(keys)


def mark_told(pk: int, now: datetime) -> bool:
    return bool(Wave.objects.filter(pk=pk, told_at=None).update(told_at=now))


def judges() -> Iterator[User]:
    active = get_user_model().objects.filter(is_active=True).exclude(email="")
    return (user for user in active if wave_policy.user_has_permission(user, "change"))


@task(takes_context=True, priority=SOMEBODY_WAITS)
def mail_about_waves(context: TaskContext, user_id: int, waves: list[int]) -> None:
    user = get_user_model().objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    found = list(Wave.objects.filter(pk__in=waves).order_by("since", "pk"))
    if user and found:
        render_waves(found, user, context.task_result.id).send()


def render_waves(waves: list[Wave], user: User, job: str) -> EmailMultiAlternatives:
    with in_words_of(user):
        petitions = Petition.objects.filter(waves__in=waves).distinct().with_names()
        names = named(petitions)
        told = {
            "waves": [(wave, names[wave.petition_id]) for wave in waves],
            "link": settings.BASE_URL + reverse("wagtailadmin_home") + "integrity/",
        }
        return rendering.render("waves", told, to=user.email, key=f"{job}.{user.pk}")
