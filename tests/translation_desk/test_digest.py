"""The mail about what waits for translation: when asked for, once, in one's own language."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings
from wagtail.models import Locale
from wagtail.users.models import UserProfile
from wagtail_localize.models import Translation

from accounts.models import User
from jobs import registry
from jobs.models import Job
from jobs.worker import drain, run_job
from staff.assigning import NAMES, assign
from tests.support.factories import make_user
from tests.support.kinds import Response, SmallSite
from translation_desk.digest import enqueue_due
from translation_desk.models import Digest
from translation_desk.tasks import enqueue_digests
from translations.submission import submit

WEDNESDAY = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def taras(site: SmallSite) -> User:
    """A translator of Ukrainian for whom the campaign's texts wait."""
    user = make_user("taras")
    assign(user, NAMES["translator"], "uk")
    submit(site["campaign"]["en"], Locale.objects.get(language_code="uk"))
    return user


def account(every: str) -> dict[str, str]:
    """What the account's settings post."""
    return {
        "name_email-first_name": "Taras",
        "name_email-last_name": "S.",
        "name_email-email": "taras@example.org",
        "digest-every": every,
        "locale-preferred_language": "",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "",
    }


def ask_for(user: User, every: str) -> Response:
    client = Client()
    client.force_login(user)
    return client.post("/admin/account/", account(every))


def test_nobody_gets_it_who_has_not_asked(taras: User) -> None:
    assert enqueue_due(WEDNESDAY) == 0
    client = Client()
    client.force_login(taras)
    assert 'name="digest-every"' in client.get("/admin/account/").text


def test_it_is_asked_for_and_ended_in_the_accounts_settings(taras: User) -> None:
    assert ask_for(taras, "week").status_code == 302
    assert Digest.objects.get(user=taras).every == "week"
    ask_for(taras, "")
    assert enqueue_due(WEDNESDAY) == 0


def test_it_comes_in_the_language_in_which_it_was_asked_for(taras: User) -> None:
    client = Client(headers={"accept-language": "uk"})
    client.force_login(taras)
    client.post("/admin/account/", account("day"))
    enqueue_due(WEDNESDAY)
    drain()
    assert mail.outbox[0].subject == "Що чекає на переклад"


def test_whoever_translates_nothing_is_not_offered_it(site: SmallSite) -> None:
    user = make_user("olena")
    assign(user, NAMES["officer"])
    client = Client()
    client.force_login(user)
    assert "digest-every" not in client.get("/admin/account/").text


def test_it_names_what_waits_with_links_in_the_readers_language(
    taras: User, settings: Settings
) -> None:
    Digest.objects.create(user=taras, every="day")
    UserProfile.objects.update_or_create(user=taras, defaults={"preferred_language": "uk"})
    enqueue_due(WEDNESDAY)
    assert drain() == 1
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    assert message.to == ["taras@example.org"]
    assert message.subject == "Що чекає на переклад"
    uk = Locale.objects.get(language_code="uk").pk
    link = f"{settings.BASE_URL}/admin/reports/languages/?language={uk}&state=waiting"
    text, html = str(message.body), str(message.alternatives[0][0])
    assert link in text
    assert link.replace("&", "&amp;") in html
    assert f"{settings.BASE_URL}/admin/account/" in text
    assert "1 сторінка" in text
    assert '<html lang="uk">' in html
    assert "{" not in text + html.partition("<body>")[2]


def test_nothing_is_sent_when_nothing_waits(taras: User) -> None:
    Digest.objects.create(user=taras, every="day")
    Translation.objects.all().delete()
    enqueue_due(WEDNESDAY)
    drain()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("every", "later", "made"),
    [
        ("day", timedelta(hours=8), 0),
        ("day", timedelta(days=1), 1),
        ("week", timedelta(days=4), 0),
        ("week", timedelta(days=5), 1),
    ],
)
def test_it_comes_once_a_day_or_week(taras: User, every: str, later: timedelta, made: int) -> None:
    Digest.objects.create(user=taras, every=every)
    assert enqueue_due(WEDNESDAY) == 1
    assert enqueue_due(WEDNESDAY + later) == made


def test_it_does_not_come_at_night(taras: User) -> None:
    Digest.objects.create(user=taras, every="day")
    assert enqueue_due(WEDNESDAY.replace(hour=3)) == 0
    assert enqueue_due(WEDNESDAY.replace(hour=6)) == 1


def test_several_workers_make_one_mail(taras: User) -> None:
    Digest.objects.create(user=taras, every="day")
    assert [enqueue_due(WEDNESDAY), enqueue_due(WEDNESDAY)] == [1, 0]
    assert Job.objects.count() == 1


def test_a_killed_worker_loses_nothing(taras: User, settings: Settings) -> None:
    Digest.objects.create(user=taras, every="day")
    enqueue_due(WEDNESDAY)
    job = Job.objects.lease_next()
    assert job, "taken by a worker that is killed now"
    assert drain() == 0
    Job.objects.update(leased_until=WEDNESDAY - timedelta(days=1))
    again = Job.objects.lease_next()
    assert again
    run_job(again)
    (message,) = mail.outbox
    assert message.extra_headers["Message-ID"].startswith(f"<{job.id}@"), "the same mail"


def test_whoever_left_gets_none(taras: User) -> None:
    Digest.objects.create(user=taras, every="day")
    enqueue_due(WEDNESDAY)
    get_user_model().objects.filter(pk=taras.pk).update(is_active=False)
    drain()
    assert mail.outbox == []


def test_the_worker_looks_for_it_by_itself() -> None:
    assert enqueue_digests in [each.run for each in registry.chores()]
