"""Nobody guesses a password at the admin's door, and nobody is locked out by those who try."""

import logging
import re
import threading
from collections.abc import Iterable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import aauthenticate, authenticate, get_user_model
from django.db import connection, connections
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from wagtail.models import Site

from accounts import log_in
from accounts.models import User
from demo.logins import build_logins
from staff.assigning import NAMES, assign
from tests.accounts.conftest import PASSWORD
from tests.accounts.passwords import DOOR, HOME, got_in, try_password
from tests.conftest import Clock
from tests.support.factories import make_user
from tests.support.kinds import SmallSite


def guesses(pairs: Iterable[tuple[str, str]]) -> int:
    """How many of the guesses, by name and source, were looked at at all."""
    return sum(try_password(name, "wrong", source).status_code == 200 for name, source in pairs)


def test_one_network_may_guess_at_one_account_ten_times_an_hour(olena: User, clock: Clock) -> None:
    looked_at = 0
    for _ in range(12):
        looked_at += guesses([("olena", HOME)] * 2)
        clock.go_on(minutes=5)
    assert 8 <= looked_at <= 10


def test_many_networks_may_guess_no_more_at_one_account(olena: User, clock: Clock) -> None:
    looked_at = 0
    for minute in range(12):
        looked_at += guesses(("olena", f"10.{minute}.{other}.7") for other in range(2))
        clock.go_on(minutes=5)
    assert 8 <= looked_at <= 10


def test_one_network_may_guess_at_many_accounts_thirty_times_an_hour(
    olena: User,
    clock: Clock,
) -> None:
    looked_at = 0
    for minute in range(12):
        looked_at += guesses((f"user{minute}.{other}", HOME) for other in range(3))
        clock.go_on(minutes=5)
    assert 25 <= looked_at <= 30


@pytest.mark.parametrize("block", ["198.51.100.{}", "2001:db8:7:{:x}::1"])
def test_neighbors_share_a_wider_limit(olena: User, block: str) -> None:
    pairs = [(f"user{number}", block.format(number)) for number in range(1, 81)]
    assert guesses(pairs) == log_in.LIMIT_OF_NETWORK.at_once


@pytest.mark.parametrize("name", ["olena", "Olena", "OLENA", "ｏｌｅｎａ", "nobody"])
def test_every_spelling_is_one_account_and_known_or_not_makes_no_difference(
    olena: User, name: str
) -> None:
    spellings = [name, name.upper(), name.lower(), name.title()] * 3
    pairs = [(each, f"10.0.{number}.7") for number, each in enumerate(spellings)]
    assert guesses(pairs) == log_in.LIMIT_OF_ACCOUNT.at_once
    refused = try_password(name, "wrong", "10.9.9.9")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= log_in.LIMIT_OF_ACCOUNT.seconds + 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Too many passwords were tried"), ("uk", "Забагато спроб увійти")],
)
def test_whoever_waits_is_told_how_long_whatever_the_password(
    olena: User, language: str, sentence: str
) -> None:
    client = Client(headers={"accept-language": language})
    for _ in range(log_in.LIMIT_OF_ACCOUNT.at_once):
        try_password("olena", "wrong")
    pages = [try_password("olena", password, client=client) for password in ("wrong", PASSWORD)]
    assert {page.status_code for page in pages} == {429}
    for page in pages:
        assert sentence in page.content.decode()
        assert "12" in page.content.decode()
    assert "sessionid" not in client.cookies
    assert "session" not in client.cookies


def test_forged_headers_are_no_way_round(olena: User, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    looked_at = 0
    for number in range(40):
        forwarded = {"x-forwarded-for": f"10.{number}.0.1, {HOME}", "x-real-ip": f"10.{number}.0.1"}
        response = try_password(f"user{number}", "wrong", "127.0.0.1", headers=forwarded)
        looked_at += response.status_code == 200
    assert looked_at == log_in.LIMIT_OF_ADDRESS.at_once


def test_the_right_password_does_not_count(olena: User) -> None:
    assert all(got_in(try_password("olena", PASSWORD)) for _ in range(20))


def test_ones_own_success_forgives_no_guesses_at_others(olena: User) -> None:
    looked_at = 0
    for number in range(40):
        looked_at += guesses([(f"user{number}", HOME)])
        try_password("olena", PASSWORD)
    assert looked_at == log_in.LIMIT_OF_ADDRESS.at_once


def test_strangers_lock_nobody_out_of_a_browser_they_know(olena: User, clock: Clock) -> None:
    browser = Client()
    assert got_in(try_password("olena", PASSWORD, client=browser))
    browser.post("/admin/logout/")
    for number in range(50):
        try_password("olena", "wrong", f"10.0.{number}.7")
        try_password(f"user{number}", "wrong")
    assert try_password("olena", PASSWORD).status_code == 429
    assert got_in(try_password("olena", PASSWORD, client=browser))
    # That browser has a limit too, and it helps with no other account.
    other = [try_password("taras", "wrong", client=browser).status_code for _ in range(2)]
    assert other == [429, 429]
    clock.go_on(hours=2)
    tries = [try_password("olena", "wrong", client=browser).status_code for _ in range(10)]
    assert tries.count(200) == log_in.LIMIT_OF_ACCOUNT.at_once
    assert got_in(try_password("olena", PASSWORD))


def test_after_an_hour_of_guessing_the_owner_soon_gets_in_from_anywhere(
    olena: User,
    clock: Clock,
) -> None:
    guesses([("olena", f"10.0.{number}.7") for number in range(50)])
    clock.go_on(minutes=13)
    assert got_in(try_password("olena", PASSWORD))


def test_other_doors_keep_the_limits(olena: User) -> None:
    request = RequestFactory().post("/api/", REMOTE_ADDR=HOME)
    tries = [authenticate(request, username="olena", password="wrong") for _ in range(10)]
    assert tries == [None] * 10
    assert authenticate(request, username="olena", password=PASSWORD) is None
    assert request.log_in_wait > 0  # type: ignore[attr-defined]
    assert authenticate(None, username="olena", password=PASSWORD) is None
    asked = async_to_sync(aauthenticate)
    assert asked(request, username="olena", password=PASSWORD) is None


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("olena", "x" * 129),
        ("x" * 255, "x"),
        ("olena\0", "x"),
        ("olena", "\0"),
        ("", ""),
        ("olena", ""),
    ],
)
def test_what_cannot_be_a_log_in_costs_nothing(
    olena: User, name: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_more: Any) -> bool:
        raise AssertionError("hashed")

    if len(password) > 1 or len(name) > 10:
        monkeypatch.setattr("django.contrib.auth.hashers.check_password", refuse)
    assert try_password(name, password).status_code == 200
    authenticate(None, username=name, password=password)


def test_known_and_unknown_names_and_refused_guesses_cost_the_same_hashes(
    olena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    made: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        made.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    counts = []
    for name, source in [("olena", "10.0.0.7"), ("nobody", "10.0.1.7")]:
        for _ in range(log_in.LIMIT_OF_ACCOUNT.at_once + 2):
            made.clear()
            try_password(name, "wrong", source)
            counts.append(len(made))
    assert set(counts) == {1}


def test_a_lock_out_is_logged_once_and_names_nobody(
    olena: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    guesses([("olena", HOME)] * 30)
    lines = [each.getMessage() for each in caplog.records if each.name == "accounts.log_in"]
    assert lines == ["Too many wrong passwords: an account is locked for a while."]
    assert "olena" not in caplog.text
    assert HOME not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_do_not_pass_the_limit(transactional_site: SmallSite) -> None:
    make_user("olena")
    barrier, looked_at = threading.Barrier(12), []

    def guess() -> None:
        barrier.wait()
        try:
            looked_at.append(try_password("olena", "wrong").status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert looked_at.count(200) == log_in.LIMIT_OF_ACCOUNT.at_once
    assert looked_at.count(429) == 12 - log_in.LIMIT_OF_ACCOUNT.at_once


def test_the_demos_password_opens_nothing_on_a_real_site(
    site: SmallSite, settings: Settings
) -> None:
    build_logins()
    boss = make_user("boss")
    boss.set_password("pidpys-demo")
    boss.save()
    assign(boss, NAMES["administrator"])
    browser = Client()
    assert got_in(try_password("admin", "pidpys-demo", client=browser))
    assert browser.get("/admin/account/").status_code == 200
    settings.DEMO = False
    assert not got_in(try_password("admin", "pidpys-demo"))
    assert not got_in(try_password("boss", "pidpys-demo", "10.0.0.7"))
    # Nor does a session from before, or another password that was set meanwhile.
    assert browser.get("/admin/account/").status_code == 302
    admin = get_user_model().objects.get(username="admin")
    admin.set_password(PASSWORD)
    admin.save()
    assert not got_in(try_password("admin", PASSWORD, "10.0.1.7"))


def test_a_public_page_touches_no_session(olena: User, site: SmallSite) -> None:
    client = Client()
    try_password("olena", PASSWORD, client=client)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(site["portland"]["en"].url)
    assert not response.cookies
    assert not [each for each in queries if "django_session" in each["sql"]]


def test_a_session_ends_after_eight_idle_hours_and_slides_while_somebody_works(
    olena: User,
    clock: Clock,
) -> None:
    client = Client()
    try_password("olena", PASSWORD, client=client)
    for _ in range(5):
        clock.go_on(hours=4)
        assert client.get("/admin/").status_code == 200
    # An open page that asks by itself is nobody's work.
    clock.go_on(hours=3.5)
    client.post("/admin/editing-sessions/ping/x/y/1/1/")
    clock.go_on(hours=0.4)
    client.post("/admin/editing-sessions/ping/x/y/1/1/")
    clock.go_on(hours=4.2)
    assert client.get("/admin/").status_code == 302


def test_a_session_ends_after_a_day_however_busy(olena: User, clock: Clock) -> None:
    client = Client()
    try_password("olena", PASSWORD, client=client)
    # Never idle for so long that it would end for that.
    for _ in range(4):
        clock.go_on(hours=5.75)
        assert client.get("/admin/").status_code == 200
    clock.go_on(hours=3)
    assert client.get("/admin/").status_code == 302
    assert got_in(try_password("olena", PASSWORD, client=client))
    assert client.get("/admin/").status_code == 200


EMAILS = ["olena@example.org", "Olena@Example.org", "OLENA@EXAMPLE.ORG"]


@pytest.mark.parametrize("name", ["olena", *EMAILS])
def test_user_name_and_email_let_in(olena: User, name: str) -> None:
    assert got_in(try_password(name, PASSWORD))
    assert not got_in(try_password(name, "wrong"))


def test_user_name_and_email_are_one_account(olena: User) -> None:
    spellings = ["olena", "OLENA", *EMAILS] * 3
    pairs = [(each, f"10.0.{number}.7") for number, each in enumerate(spellings)]
    assert guesses(pairs) == log_in.LIMIT_OF_ACCOUNT.at_once
    for number, each in enumerate(["olena", *EMAILS]):
        assert try_password(each, PASSWORD, f"10.1.{number}.7").status_code == 429


def test_a_browser_knows_the_account_by_either_name(olena: User) -> None:
    browser = Client()
    assert got_in(try_password(EMAILS[1], PASSWORD, client=browser))
    browser.post("/admin/logout/")
    guesses((EMAILS[0], f"10.0.{number}.7") for number in range(20))
    assert try_password("olena", PASSWORD).status_code == 429
    assert got_in(try_password("olena", PASSWORD, client=browser))


def test_a_user_name_goes_before_an_email(olena: User) -> None:
    other = make_user(EMAILS[0])
    other.set_password("another-right-horse")
    other.save()
    assert not got_in(try_password(EMAILS[0], PASSWORD))
    assert got_in(try_password(EMAILS[0], "another-right-horse"))
    assert got_in(try_password("olena", PASSWORD, "10.0.0.7"))


def test_known_and_unknown_names_and_emails_get_one_answer_for_one_work(olena: User) -> None:
    answers, work = set(), set()
    names = ["olena", EMAILS[0], "nobody", "nobody@example.org"]
    for number, name in enumerate(names):
        with CaptureQueriesContext(connection) as queries:
            response = try_password(name, "wrong", f"10.0.{number}.7")
        page = re.sub(r"\b\w{64}\b|nonce=\S+", "", response.text).replace(name, "")
        answers.add((response.status_code, page))
        work.add(len([each for each in queries if "accounts_user" in each["sql"]]))
    assert len(answers) == 1
    assert work == {2}


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["Username or email", "Password"]),
        ("uk", ["Ім’я користувача або електронна адреса", "Пароль"]),
    ],
)
def test_the_door_names_its_fields_in_the_language_of_whoever_comes(
    db: None, language: str, labels: list[str]
) -> None:
    html = Client().get(DOOR, headers={"accept-language": language}).text
    found = re.findall(r'<label[^>]*for="id_(?:username|password)"[^>]*>\s*([^<]*?)\s*<', html)
    assert found == labels


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "Sign in to End the ties"), ("uk", "Увійти на сайт «End the ties»")],
)
def test_the_door_names_the_site(site: SmallSite, language: str, heading: str) -> None:
    Site.objects.update(site_name="End the ties")
    page = Client().get(DOOR, headers={"accept-language": language})
    assert f"<h1>{heading}</h1>" in page.text
    assert "Sign in to Wagtail" not in page.text
    Site.objects.update(site_name="")
    Site.clear_site_root_paths_cache()
    page = Client().get(DOOR, headers={"accept-language": language})
    assert heading.replace("End the ties", "Pidpys") in page.text
