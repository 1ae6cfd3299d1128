"""A browser that an account did not know: remembered, and told to its owner in one mail."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import TaskContext, task

from accounts.browsers.known import known_browser, remember_browser
from accounts.browsers.names import browser_name
from accounts.in_their_words import in_words_of
from accounts.log_in import LIMIT_OF_ACCOUNT, normalized
from accounts.models import User
from jobs.registry import SOMEBODY_WAITS
from mails import rendering
from security.limits import Limit, keyed_hash, take


def greet(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """One mail a browser; and no flood of them where somebody keeps no cookies."""
    name = normalized(user.get_username())
    is_known = known_browser(request, name)
    remember_browser(request, response, name)
    if not is_known and not take([Limit(keyed_hash(f"new-browser/{user.pk}"), LIMIT_OF_ACCOUNT)]):
        send_new_browser.enqueue(
            user_id=user.pk,
            browser=browser_name(request),
            at=timezone.now().isoformat(),
            language=translation.get_language(),
        )


@task(takes_context=True, priority=SOMEBODY_WAITS)
def send_new_browser(
    context: TaskContext, user_id: int, browser: str, at: str, language: str
) -> None:
    for user in get_user_model().objects.filter(pk=user_id):
        render_new_browser(user, browser, at, language, context.task_result.id).send()


def render_new_browser(
    user: User, browser: str, at: str, language: str, job: str
) -> EmailMultiAlternatives:
    told = {
        "username": user.get_username(),
        "browser": browser,
        "at": datetime.fromisoformat(at),
        "link": settings.BASE_URL + reverse("wagtailadmin_password_reset"),
    }
    with in_words_of(user, language):
        return rendering.render("new_browser", told, to=user.email, key=job)
