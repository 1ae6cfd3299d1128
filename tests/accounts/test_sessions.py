"""One sees where one is logged in, ends it, and hears of a new browser once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.users.models import UserProfile

from accounts.browsers.known import MOST_ACCOUNTS
from accounts.browsers.names import browser_name
from accounts.factors.marks import CONFIRMED_UNTIL
from accounts.models import Session, User
from jobs.models import Job
from jobs.worker import drain
from security.models import Bucket
from tests.accounts.conftest import PASSWORD
from tests.accounts.factors import add_app
from tests.accounts.passwords import HOME, got_in, try_password
from tests.conftest import Clock
from tests.support.factories import make_user
from tests.support.logins import FOR_GOOD

OWN = "/admin/account/log-in/"
END = "/admin/account/log-in/sessions/end/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def logged_in(user: User, agent: str = FIREFOX, **marks: Any) -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=HOME)
    client.force_login(user)
    session = client.session
    session.update(marks)
    session.save()
    assert client.get("/admin/account/").status_code == 200
    return client


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (SAFARI, "Safari, iOS"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("curl/8.5.0", ""),
        ("", ""),
        ("<script>alert(1)</script>" * 9, ""),
    ],
)
def test_a_browser_is_told_in_two_words(agent: str, name: str) -> None:
    assert browser_name(RequestFactory().get("/", headers={"user-agent": agent})) == name


def test_open_sessions_are_listed_without_where_somebody_was(olena: User) -> None:
    here, other = logged_in(olena), logged_in(olena, SAFARI)
    logged_in(make_user("taras", is_superuser=True), "Opera OPR/ Windows")
    html = here.get(OWN).content.decode()
    assert html.count("Firefox, Linux") >= 1
    assert "Safari, iOS" in html
    assert "Opera" not in html
    assert HOME not in html
    # Whoever reads the page learns no key of a session.
    for client in (here, other):
        assert client.cookies["session"].value not in html
    stored = {field.name for field in Session._meta.get_fields()}
    told = {"user", "browser", "since", "seen_at"}
    assert stored - told == {"session_key", "session_data", "expire_date"}
    assert HOME not in str([each.get_decoded() for each in Session.objects.all()])


def test_one_session_or_all_others_are_ended(olena: User) -> None:
    here, phone, tablet = (logged_in(olena, agent) for agent in (FIREFOX, SAFARI, "iPad Safari"))
    html = here.get(OWN).content.decode()
    names = re.findall(r'name="session" value="(\w{64})"', html)
    assert len(names) == 2
    here.post(END, {"session": names[0]})
    open_now = [client.get("/admin/account/").status_code for client in (here, phone, tablet)]
    assert sorted(open_now) == [200, 200, 302]
    again = logged_in(olena, SAFARI)
    here.post(END, {"session": "others"})
    after = [client.get("/admin/account/").status_code for client in (here, phone, tablet, again)]
    assert after == [200, 302, 302, 302]


def test_nobody_ends_somebody_elses(olena: User) -> None:
    taras = logged_in(make_user("taras", is_superuser=True))
    names = re.findall(
        r'name="session" value="(\w{64})"',
        (logged_in(olena), logged_in(olena, SAFARI))[0].get(OWN).content.decode(),
    )
    taras.post(END, {"session": names[0]})
    taras.post(END, {"session": "others"})
    assert Session.objects.filter(user=olena).count() == 2


def test_what_a_new_password_ended_is_not_listed(olena: User) -> None:
    logged_in(olena, SAFARI)
    olena.set_password("another-right-horse")
    olena.save()
    here = logged_in(olena)
    html = here.get(OWN).content.decode()
    assert "Safari" not in html


def test_a_factor_added_or_removed_ends_the_other_sessions(olena: User) -> None:
    secret = add_app(olena)
    assert secret
    app = Authenticator.objects.get(user=olena, type="totp")
    marks: dict[str, Any] = {"factor": "totp", CONFIRMED_UNTIL: FOR_GOOD}
    here, other = logged_in(olena, **marks), logged_in(olena, SAFARI, **marks)
    assert here.post(f"{OWN}recovery-codes/").status_code == 200
    assert other.get("/admin/account/").status_code == 302
    other = logged_in(olena, SAFARI, **marks)
    assert here.post(f"{OWN}{app.pk}/remove/").status_code == 302
    assert other.get("/admin/account/").status_code == 302
    assert here.get("/admin/account/").status_code == 200
    # Recovery codes alone would be a lesser password.
    assert not Authenticator.objects.filter(user=olena).exists()


def test_nobody_removes_somebody_elses_factor(olena: User) -> None:
    add_app(olena)
    marks: dict[str, Any] = {CONFIRMED_UNTIL: FOR_GOOD}
    taras = logged_in(make_user("taras", is_superuser=True), **marks)
    app = Authenticator.objects.get(user=olena, type="totp")
    assert taras.post(f"{OWN}{app.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=app.pk).exists()


@pytest.mark.parametrize("way", ["remove", "recovery-codes"])
def test_whoever_changes_factors_is_asked_who_it_is(olena: User, way: str) -> None:
    add_app(olena)
    app = Authenticator.objects.get(user=olena, type="totp")
    client = logged_in(olena, factor="totp")
    address = f"{OWN}{app.pk}/remove/" if way == "remove" else f"{OWN}recovery-codes/"
    before = list(Authenticator.objects.order_by("pk").values_list("pk", "data"))
    assert client.post(address).status_code == 403
    assert client.get("/admin/login/set-up/app/")["Location"].startswith("/admin/login/again/")
    assert list(Authenticator.objects.order_by("pk").values_list("pk", "data")) == before


def test_users_who_leave_take_their_sessions_along(olena: User) -> None:
    logged_in(olena)
    olena.delete()
    assert not Session.objects.exists()


def test_sessions_that_ended_are_forgotten(olena: User) -> None:
    from accounts.tasks import forget_sessions

    logged_in(olena)
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
    forget_sessions()
    assert not Session.objects.exists()


def test_a_new_browser_is_told_once(olena: User) -> None:
    browser = Client(headers={"user-agent": FIREFOX})
    for _ in range(3):
        assert got_in(try_password("olena", PASSWORD, client=browser))
        browser.post("/admin/logout/")
    assert "Firefox" in str(Job.objects.get().payload)
    drain()
    assert len(mail.outbox) == 1
    told = mail.outbox[0]
    assert told.to == ["olena@example.org"]
    assert "used in a new browser" in told.subject
    for words in ("Firefox, Linux", "March 1, 2026, noon", "UTC", "/admin/password_reset/"):
        assert words in str(told.body)
    assert HOME not in str(told.message())
    drain()
    assert got_in(try_password("olena", PASSWORD, client=Client(headers={"user-agent": SAFARI})))
    drain()
    assert [("Firefox" in str(each.body)) for each in mail.outbox] == [True, False]


def test_it_is_told_in_the_owners_language_and_time(olena: User) -> None:
    profile = UserProfile.get_for_user(olena)
    profile.preferred_language, profile.current_time_zone = "uk", "Europe/Kyiv"
    profile.save()
    try_password("olena", PASSWORD, client=Client(headers={"user-agent": "curl"}))
    drain()
    body = str(mail.outbox[0].body)
    assert "невідомий браузер" in body
    assert "14:00" in body


def test_those_who_share_a_browser_are_told_once_each(olena: User, clock: Clock) -> None:
    names = ["olena"]
    for number in range(MOST_ACCOUNTS - 1):
        user = make_user(f"user{number}", is_superuser=True)
        user.set_password(PASSWORD)
        user.save()
        names.append(user.username)
    browser = Client()
    for _ in range(2):
        for name in names:
            assert got_in(try_password(name, PASSWORD, client=browser))
            browser.post("/admin/logout/")
    drain()
    assert len(mail.outbox) == MOST_ACCOUNTS


def test_whoever_knows_a_password_floods_no_mailbox(olena: User, clock: Clock) -> None:
    for number in range(40):
        try_password("olena", PASSWORD, f"10.0.{number}.7")
        clock.go_on(minutes=1)
    drain()
    assert 1 <= len(mail.outbox) <= 10
    assert Bucket.objects.exists()


def test_a_password_without_the_second_step_is_told_too(olena: User) -> None:
    add_app(olena)
    try_password("olena", PASSWORD)
    drain()
    assert len(mail.outbox) == 1
