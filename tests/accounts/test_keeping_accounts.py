"""A new password by mail, and one's own password before anybody's account changes hands."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import log_in, password_reset
from accounts.models import User
from jobs.models import Job
from jobs.worker import drain
from tests.accounts.conftest import PASSWORD
from tests.accounts.passwords import HOME, got_in, try_password
from tests.conftest import Clock
from tests.support.factories import make_user
from tests.support.kinds import Response

RESET = "/admin/password_reset/"
ACCOUNT = "/admin/account/"
NEW = "a-quite-new-password"


def ask(email: str, source: str = HOME, **more: Any) -> Response:
    return Client().post(RESET, {"email": email}, REMOTE_ADDR=source, **more)


def link() -> str:
    found = re.search(
        r"http://testserver(/admin/password_reset/confirm/\S+)", str(mail.outbox[-1].body)
    )
    assert found
    return found[1]


def test_a_link_is_mailed_by_the_worker_and_opens_the_account_once(olena: User) -> None:
    response = ask("Olena@EXAMPLE.org")
    assert response.status_code == 302
    assert mail.outbox == []
    assert "olena" not in str(Job.objects.get().payload)
    drain()
    assert mail.outbox[0].to == ["olena@example.org"]
    assert not Job.objects.exists()
    client = Client()
    form = client.get(link(), follow=True)
    address = form.redirect_chain[-1][0]
    data = {"new_password1": NEW, "new_password2": NEW}
    assert client.post(address, data).status_code == 302
    # Whoever holds the mailbox gets in, whatever strangers are trying meanwhile.
    for number in range(20):
        try_password("olena", "wrong", f"10.0.{number}.7")
    assert got_in(try_password("olena", NEW, client=client))
    again = Client().get(link(), follow=True)
    assert "new_password1" not in again.content.decode()


@pytest.mark.parametrize("email", ["olena@example.org", "nobody@example.org", "off@example.org"])
def test_known_and_unknown_mailboxes_get_the_same_answer_from_the_same_work(
    olena: User,
    email: str,
) -> None:
    off = make_user("off")
    off.is_active = False
    off.save()

    def asked(mailbox: str, source: str) -> tuple[int, bytes, list[str]]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = ask(mailbox, source)
        values = re.compile(r"'[^']*'|\bs\d+_x\d+\b|\b[0-9a-f-]{32,}\b|\b\d+(\.\d+)?\b")
        statements = [values.sub("?", each["sql"]) for each in queries]
        page = Client().get(response["Location"]).content if response.status_code == 302 else b""
        # Every page has a token of its own against forged posts.
        return response.status_code, re.sub(rb"\b\w{64}\b", b"?", page), statements

    ask("warm.up@example.org", "10.3.0.7")
    assert asked(email, "10.1.0.7") == asked("stranger@example.org", "10.2.0.7")
    drain()
    assert {to for each in mail.outbox for to in each.to} <= {"olena@example.org"}


@pytest.mark.parametrize("email", ["olena@example.org", "nobody@example.org"])
def test_a_mailbox_gets_four_links_an_hour_from_all_the_world(
    olena: User,
    email: str,
    clock: Clock,
) -> None:
    accepted = 0
    for number in range(12):
        response = ask(email, f"10.{number}.0.7")
        accepted += response.status_code == 302
        clock.go_on(minutes=5)
    assert 3 <= accepted <= 4
    accepted += ask(email, "10.98.0.7").status_code == 302
    response = ask(email, "10.99.0.7")
    assert response.status_code == 429
    assert "Too many links were asked for" in response.content.decode()
    drain()
    assert len(mail.outbox) == (accepted if email.startswith("olena") else 0)


def test_one_network_asks_for_ten_links_an_hour(olena: User, clock: Clock) -> None:
    accepted = 0
    for number in range(12):
        accepted += ask(f"user{number}@example.org").status_code == 302
        clock.go_on(minutes=5)
    assert 8 <= accepted <= 10


def test_the_mail_is_in_the_language_of_the_page(olena: User) -> None:
    ask("olena@example.org", headers={"accept-language": "uk"})
    drain()
    assert mail.outbox[0].subject == "Новий пароль на testserver"
    assert "Посилання спрацює один раз, протягом 2 годин." in str(mail.outbox[0].body)


def test_on_a_real_site_the_demos_users_get_no_link(olena: User, settings: Settings) -> None:
    from security.models import DemoLogin

    DemoLogin.objects.create(user=olena)
    settings.DEMO = False
    ask("olena@example.org")
    drain()
    assert mail.outbox == []


@pytest.fixture
def session(olena: User) -> Client:
    """A browser in which Olena is logged in, used by somebody else."""
    client = Client(REMOTE_ADDR=HOME)
    client.force_login(olena)
    return client


def profile(**changes: str) -> dict[str, str]:
    fields = {"first_name": "Olena", "last_name": "K", "email": "olena@example.org"}
    return {f"name_email-{name}": value for name, value in (fields | changes).items()} | {
        "locale-preferred_language": "en",
        "locale-current_time_zone": "UTC",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
    }


def posts(other: User) -> dict[str, tuple[str, dict[str, Any]]]:
    """Everything in the admin by which an account changes hands."""
    group = Group.objects.get(name="Administrators")
    user = {
        "username": "taras",
        "email": "taken@example.org",
        "first_name": "Taras",
        "last_name": "K",
        "password1": NEW,
        "password2": NEW,
        "is_active": "on",
        "is_superuser": "on",
        "groups": [group.pk],
    }
    bulk = f"/admin/bulk/{other._meta.app_label}/{other._meta.model_name}"
    return {
        "own mailbox": (ACCOUNT, profile(email="taken@example.org")),
        "edit": (f"/admin/users/edit/{other.pk}/", user),
        "add": ("/admin/users/new/", {**user, "role": "officer", "language": "en"}),
        "roles": (f"/admin/users/roles/{other.pk}/", {"role": "administrator"}),
        "let go": (f"/admin/users/let-go/{other.pk}/", {}),
        "delete": (f"/admin/users/delete/{other.pk}/", {}),
        "group": (f"/admin/groups/edit/{group.pk}/", {"name": "Taken"}),
        "new group": ("/admin/groups/new/", {"name": "Taken"}),
        "delete group": (f"/admin/groups/delete/{group.pk}/", {}),
        "bulk delete": (f"{bulk}/delete/?id={other.pk}", {"next": "/admin/users/"}),
        "bulk role": (f"{bulk}/assign_role/?id={other.pk}", {"role": group.pk}),
        "bulk active": (f"{bulk}/set_active_state/?id={other.pk}", {"mark_as_active": "False"}),
    }


def accounts() -> list[Any]:
    users = get_user_model().objects.order_by("pk")
    fields = ("pk", "username", "email", "password", "is_active", "is_superuser", "groups")
    return [
        *users.values_list(*fields),
        *Group.objects.order_by("pk").values_list("name", "permissions"),
    ]


NAMES_OF_POSTS = (
    "own mailbox",
    "edit",
    "add",
    "roles",
    "let go",
    "delete",
    "group",
    "new group",
    "delete group",
    "bulk delete",
    "bulk role",
    "bulk active",
)


@pytest.mark.parametrize("name", NAMES_OF_POSTS)
def test_no_account_changes_hands_without_ones_own_password(session: Client, name: str) -> None:
    other = make_user("taras")
    address, data = posts(other)[name]
    before = accounts()
    asked = session.post(address, data)
    assert asked.status_code == 403
    assert "Your current password" in asked.content.decode()
    assert "no-store" in asked["Cache-Control"]
    wrong = session.post(address, {**data, "current_password": "wrong"})
    assert "This is not your password" in wrong.content.decode()
    assert accounts() == before
    right = session.post(address, {**data, "current_password": PASSWORD})
    if name not in ("group", "new group"):
        assert right.status_code == 302, right.content.decode()
        assert accounts() != before


def test_what_was_posted_is_sent_again_with_the_answer(session: Client) -> None:
    from bs4 import BeautifulSoup

    other = make_user("taras")
    address, data = posts(other)["edit"]
    data["last_name"] = '"><b>K'
    asked = BeautifulSoup(session.post(address, data).content, "html.parser")
    form = asked.find("form", action=address)
    assert form is not None
    again: dict[str, list[str]] = {}
    for field in form.find_all("input"):
        again.setdefault(str(field["name"]), []).append(str(field.get("value", "")))
    again["current_password"] = [PASSWORD]
    assert session.post(address, again).status_code == 302
    other.refresh_from_db()
    assert (other.email, other.last_name) == ("taken@example.org", '"><b>K')
    assert other.check_password(NEW)


def test_what_changes_no_hands_asks_nothing(session: Client) -> None:
    response = session.post(ACCOUNT, profile(last_name="Koval"))
    assert response.status_code == 302
    assert get_user_model().objects.get(username="olena").last_name == "Koval"


def test_a_new_password_of_ones_own_ends_all_other_sessions(session: Client, olena: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(olena)
    data = profile() | {
        "password-old_password": PASSWORD,
        "password-new_password1": NEW,
        "password-new_password2": NEW,
    }
    key = session.cookies["session"].value
    assert session.post(ACCOUNT, data).status_code == 302
    assert session.get(ACCOUNT).status_code == 200
    assert session.cookies["session"].value != key
    assert elsewhere.get(ACCOUNT).status_code == 302


@pytest.mark.parametrize("field", ["password-old_password", "current_password"])
def test_a_stolen_session_cannot_guess_the_password(session: Client, field: str) -> None:
    data = profile(email="taken@example.org") | {
        "password-new_password1": NEW,
        "password-new_password2": NEW,
    }
    tries = [session.post(ACCOUNT, {**data, field: "wrong"}).status_code for _ in range(8)]
    assert tries == [403] * log_in.LIMIT_OF_ACCOUNT.at_once + [429] * 3
    assert session.post(ACCOUNT, {**data, field: PASSWORD}).status_code == 429
    assert get_user_model().objects.get(username="olena").check_password(PASSWORD)


@pytest.mark.parametrize("password", ["pidpys-demo", "x" * 129])
def test_no_form_sets_a_password_that_is_known_or_too_long(session: Client, password: str) -> None:
    other = make_user("taras")
    address, data = posts(other)["edit"]
    data |= {"password1": password, "password2": password, "current_password": PASSWORD}
    assert session.post(address, data).status_code == 200
    other.refresh_from_db()
    assert not other.check_password(password)


def test_the_limits_of_resets_are_of_the_mailbox_and_not_of_its_spelling() -> None:
    key = password_reset.mailbox_key
    assert key("Olena@Example.org") == key("olena@EXAMPLE.ORG") != key("taras@example.org")


def test_the_account_offers_time_zones_that_browsers_know(session: Client) -> None:
    html = session.get("/admin/account/").content.decode()
    assert '<option value="Europe/Kyiv"' in html
    for name in ("localtime", "Factory"):
        assert f'<option value="{name}"' not in html
